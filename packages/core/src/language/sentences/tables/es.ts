import type { SentenceWords } from './sentence-words.ts'

export const SPANISH: SentenceWords = {
  never: `
    Bs Ntra Ntro Fdo Gob sra srta dra dña Dña sres sras dres D Lic Ing Arq Mtro Mtra Gral Cnel Cap Excmo Excma
    Ilmo Ilma Fr Pbro Sto Sta p.ej p.e EE av avda avd ctra urb pza pzla aprox incl admón Licda Tte Sgto Alm
    Rvdo Rvda Abg Abog Psic Odont Pdte Pdta`,
  name: `
    sr ud uds vd vds ee.uu ee.uu.aa ff.aa rr.hh s.a s.l s.l.u s.a.u c.p c.f r.u s.m a.c d.c dpto depto edif
    izq dcha der esq máx mín prov pdo cía hno hnos tlf dto Hna Enf Vda Calz Mun Edo Inst Bco Hosp Dir Card`,
  number: `
    cta teléf ej núm núms nro nros pág págs tel tfno tlfno móv ext art arts cap vol piso apdo apto hab kilóm
    ene abr Ago sept dic lun mié jue vie sáb dom mar fig esc of ofic fra ped pta aptdo int feb may jun jul sep
    oct nov`,
  end: 'a.m p.m etc',
  starters: `
    el la los las un una unos unas yo tú usted ustedes nosotros ellos ella él esto este esta ese esa eso aquí ahí allí
    es está están son fue era hay tiene tenemos tengo puede puedo podemos quiere quieres quisiera desea necesita le les
    me nos se te lo si sí no y o pero pues entonces luego después antes ahora hoy mañana gracias perdón disculpe por
    para con sin en de del al cuándo cómo qué quién dónde cuál cuánto cuántos cuando como donde que hola adiós claro
    bien vale perfecto también además solo espere llame diga dígame confirme mi su nuestro nuestra todo algo nada`,
}
