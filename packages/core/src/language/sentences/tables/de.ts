import type { SentenceWords } from './sentence-words.ts'

export const GERMAN: SentenceWords = {
  never: `
    z.b d.h u.a.m bzw ca evtl ggf ggfs inkl exkl zzgl abzgl einschl bspw vgl sog bzgl insb insbes dipl
    frl hrn Hr Fr Dipl Ing med phil jur rer nat habil Univ Priv Doz geb verw zw betr`,
  name: `
    vorauss mio gem mrd tsd mwst ust str pl abt std stk min sek max mind u.a v.chr n.chr i.d.r o.ä u.ä a.d s.o
    s.u i.a m.e e.v o.g u.u z.t z.zt z.hd z.z i.v gmbh co.kg bd jh jhd jhdt nachm vorm geschl tägl wtl monatl
    jährl durchschn bahnhofstr hptstr allg eig ehem entspr erg Mag Ges Zi Whg Stg fa inh geschw gebr kath
    evang ev bes städt staatl bez reg hptm oblt verf übers bearb hrsg akad ass assist theol vet dent gez ppa
    freundl herzl`,
  number: `
    nr nrn tel abs kap abb ziff art aufl hs durchw app hausnr postf plz whg zi Mo Di Mi Do Sa So Stk tab az
    aktenz best rechn vers pos zim gegr gest verst ungef kto`,
  end: `
    usw etc uvm u.v.m usf o.dgl u.dgl gmbh Jän Feb Mär Apr Jun Jul Aug Sep Sept Okt Nov Dez`,
  starters: `
    ich wir sie er es ihr du das der die den dem ein eine einen danke bitte möchten möchtest wollen wollten haben hast
    hätten können könnten kann soll sollen sollte darf dürfen ist sind war waren wird werden würden passt gibt geht gern
    gerne wann wie was wo wer warum wieso welche welcher welches wenn falls dann da dort hier heute morgen jetzt nun und
    oder aber denn doch ja nein gut okay also leider alles auch noch nur nach vor für mit ohne bei zum zur im am um
    auf aus in bis seit damit dazu dafür daher deshalb dieser diese dieses mein meine ihre ihren unser unsere man
    vielen vielleicht natürlich selbstverständlich moment einen entschuldigung sagen nennen rufen kommen warten`,
}

/** Before a number they make it an ordinal: `am 3. Tag`, `Ihre 2. Mahnung`. */
export const GERMAN_DETERMINERS = `
  der die das den dem des im am zum zur vom beim ins ans ab bis seit jeder jede jedes jeden jedem dieser diese dieses
  diesen diesem mein meine meinen meinem meiner dein deine deinen ihr ihre ihren ihrem ihrer ihres sein seine seinen
  unser unsere unseren unserem unserer euer eure ein eine einen einem einer kein keine und oder sowie als an auf`

/** Behind a number they make it an ordinal, whatever stands before it: `Hauptstr. 5, 2. Stock`. */
export const GERMAN_COUNTED = `
  stock stockwerk etage obergeschoss untergeschoss og ug klasse reihe liga bundesliga quartal halbjahr jahrhundert
  semester weltkrieg mahnung lebensjahr feiertag weihnachtsfeiertag advent auflage kapitel absatz januar jänner
  februar feber märz april mai juni juli august september oktober november dezember`
