import type { SentenceWords } from './sentence-words.ts'

export const FRENCH: SentenceWords = {
  never: `
    M MM Mme Mmes Mlle Mlles Mgr Pr Vve mme mmes mlle mlles Ste Sts p.ex c.-à-d c.à.d av bd boul bld env
    cf incl rte imp fbg fg chem resp`,
  name: `
    Me max min janv févr avr juil déc bât étg esc appt imm cie ets s.a s.a.r.l s.a.s j.-c apr arr dép hab éd
    ex dir adj rdc st ste trim sem n.b Gal sté éts rés résid préf prés secr`,
  number: `
    réf adr suppl app sept tél tel num pag p pp art chap vol fig poste no lun mer jeu ven sam dim mar al dos
    fact cde ét bp tab fév`,
  end: 's.v.p svp etc r.d.v rdv',
  starters: `
    le la les un une des je tu il elle on nous vous ils elles ce cet cette ces c j n qu s ceci cela ça voici voilà est
    sont était avez avons puis peut pouvez pouvons voulez souhaitez désirez désolé désolée merci bonjour bonsoir oui non
    et ou mais donc alors ensuite puis après avant maintenant demain où quand comment pourquoi qui que quel quelle
    quels quelles combien si pour avec sans dans en au aux du chez mon ma mes votre vos notre nos son sa ses
    très bien parfait entendu malheureusement veuillez appelez patientez dites tout rien`,
}
