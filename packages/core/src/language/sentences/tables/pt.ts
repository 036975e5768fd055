import type { SentenceWords } from './sentence-words.ts'

export const PORTUGUESE: SentenceWords = {
  never: `
    Cap sra srta dra srs sras profa profª Eng Enga Rod Trav Exmo Exma Ilmo Ilma Exa Dep Sen Cel p.ex av pça pç
    lgo estr Al incl aprox Dras Engº Exmos Exmas Revmo Revma`,
  name: `
    séc Pe Ten min sr d dna s.a c.n.p.j v.exa v.sa a.c d.c depto dept apto ap bl cj edif ed máx mín ref obs
    hab cia resp ex Brig Alm Comdte Pref Vet Psic Enf Téc Inst Hosp Gal`,
  number: `
    cód núm nro pág págs tel cel ramal art arts cap vol fig jan fev mar abr mai jun jul Ago Set Out nov dez
    seg ter qua qui Sex sáb dom telef telem proc ped cod apart cep tab`,
  end: 'etc ltda a.m p.m',
  starters: `
    o a os as um uma eu você vocês nós ele ela eles elas isto isso este esta esse essa aquele aquela é são está estão
    foi era há tem temos tenho pode posso podemos quer queria gostaria deseja precisa obrigado obrigada desculpe olá
    oi bom boa sim não e ou mas então depois antes agora hoje amanhã onde quando como por porque quem que qual quais
    quanto quantos se para com sem em no na nos nas do da ao meu minha seu sua nosso nossa tudo nada certo
    perfeito infelizmente aguarde ligue diga também`,
}
