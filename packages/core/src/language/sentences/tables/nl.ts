import type { SentenceWords } from './sentence-words.ts'

export const DUTCH: SentenceWords = {
  never: `
    dhr hr mevr mr mw fam mej drs Ir Ing Mr Ds Drs Fam bijv o.a d.w.z m.b.t i.v.m t.a.v t.o.v i.p.v n.a.v m.u.v t.n.v z.g.n
    incl excl evt zgn vgl resp ong plm ca `,
  name: `
    bv b.v n.v v.o.f max min mln mld str pl st gem prov geb gesl gebr afd alg a.s j.l jl v.chr n.chr dir ext
    std wnd ir Fa Past Kard Kap Kol burg secr penningm adv Inst Ver Mij`,
  number: `
    tel.nr p.st bijl hst verd wo nr nrs blz pag tel art hfst afb mob kmr vr ma di za zo jan feb mrt apr jun
    jul aug sept okt nov dec kenm postb app et sep par tab dl`,
  end: 'enz etc a.u.b aub s.v.p e.d e.v.a',
  starters: `
    ik wij we jij je u hij zij ze het de een dit dat deze die er hier daar is zijn was waren heeft heb hebben hebt kan
    kunt kunnen wil wilt willen zou mag moet zal bedankt dank graag sorry hallo dag goedemorgen ja nee en of maar dus
    dan daarna toen nu vandaag morgen waar wanneer hoe wat wie waarom welke als voor met zonder naar van om bij
    op in tot mijn uw onze ons alles niets goed prima helaas momentje belt bel wacht wacht kies zegt ook`,
}
