import type { SentenceWords } from './sentence-words.ts'

export const ENGLISH: SentenceWords = {
  never: `
    dr mr mrs ms mx prof messrs vs e.g i.e eg cf viz approx a.k.a w.r.t incl excl attn Rev Fr Gen Sen Rep Gov
    Capt Col Lt Maj Sgt Cpl Adm Cmdr Pres Mt Hon Supt Est Ste Insp Det Brig Atty Ald Abp Ens Comdr`,
  name: `
    st ft ave blvd rd hwy pkwy bldg ph.d m.d b.a m.a d.c u.s u.k u.n e.u sr jr dept dep univ bros assn intl
    natl al est max min avg govt asst assoc Calif Fla Penn Wash Ariz Colo Conn Mass Mich Minn Tenn temp misc
    esq sq ln ct p.a p.o Amb Treas Dir Sec Bro ca abt deg`,
  number: `
    no nos nr num art p pp vol ch sec ext tel fig figs apt rm para ref refs ver qty acct fl unit dob box op pt
    eq ed conf inv ord ser exp bal amt appt ph sect chap reg seq pos`,
  end: `
    a.m p.m am pm etc inc ltd co corp llc plc bhd
    Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun
    oz lb lbs hrs hr yrs mos wks mins secs tsp tbsp`,
  starters: `
    the we i it you this that these those he she they there here please would could can will should shall may do does
    did is are was were have has had what when where who whom why how which if in on at for with from to as and but or
    so then also yes no yeah let my your our their his her its an thanks thank sorry sure okay ok after before once
    just now today tomorrow unfortunately however great good perfect alright all any some every each not one because
    since while although though until unless both either neither maybe perhaps anything something hello hi bye goodbye
     press wait take tell give come next otherwise first don't`,
}

/** Sentences that are written without a capital by a writer who uses capitals elsewhere: words of English alone. */
export const SMALL_STARTERS = 'then the we it you this that these they there please thanks thank'
