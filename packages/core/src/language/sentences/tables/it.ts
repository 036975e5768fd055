import type { SentenceWords } from './sentence-words.ts'

export const ITALIAN: SentenceWords = {
  never: `
    Sig Sigg Dott Dr Avv Ing Geom Rag Arch Egr Gent Spett Mons Cav Comm Gen Cap Col sig sigg dott avv geom
    p.es c.so p.zza p.za v.le incl ing prof Proff`,
  name: `
    On vic sig.ra sig.na sig.re dott.ssa prof.ssa s.p.a s.r.l s.a.s s.n.c c.a a.c d.c p.iva max min mass ca
    loc fraz prov c.f c.a.p int sc pal ca ab sec gg mld arch rag cav sen Magg Ten Serg Dir gent.mo gent.ma
    spett.le ill.mo ch.mo f.lli flli soc ist osp staz amb l.go vle cso dr.ssa gr.uff p.s`,
  number: `
    rif prot sez all es pag pagg num nr tel cell art artt cap vol fig int ext civ genn gen febb apr mag giu
    lug Ago sett ott dic lun mar mer gio ven sab dom feb set nov tab pos cod fatt`,
  end: 'ecc etc',
  starters: `
    il lo la i gli le un uno una io tu lui lei noi voi loro questo questa questi queste quello quella è sono era c ci
    vi si mi ti ha ho abbiamo hai avete può posso possiamo vuole vuoi desidera preferisce grazie prego scusi buongiorno
    buonasera sì no e o ma però quindi allora poi dopo prima adesso ora oggi domani dove quando come perché chi che
    cosa quale quali quanto quanti se per con senza in al alla del della dal nel nella mio mia suo sua nostro nostra
    bene perfetto certo purtroppo attenda aspetti chiami dica tutto niente anche`,
}
