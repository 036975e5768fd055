// How callers speak in English on the telephone, as patterns: `{name}` is one of the phrases of `slots-en.mjs`,
// `(a|b|)` one of these, and the last of them nothing. The corpora are of people who type, or who talk to each other.

export const ENGLISH_PATTERNS = `
{hello}{want} {act}
{want} {act} {future}
{want} {act} and {act}
{want} {act} because {reason}
{want} {act} but {but}
{want} {act} before {condition}
{want} {act} if {statement}
{want} {act} when {condition}
{hello}{calling} about {athing}
{hello}{calling} about {athing} {relative}
{hello}{calling} because {reason}
{calling} to {actbare}
it's (about|regarding) {athing}
it's (about|regarding) {athing} {relative}
{hello}I (have|have got|had) {issue} with {athing}
I (have|have got|had) {issue} with {athing} {relative}
I have {appointment} {future}
I have {appointment} {future} and {want} {act}
I have {appointment} {future} but {but}
I have a question about {athing}
{athing} {relative} {fault}
{athing} {relative} {past} {fault}
{athing} {fault}
{athing} {fault} {past}
{past} {athing} {fault}
{whose} {things} {fault}
{whose} {things} {relative} {fault}
{past} {did}
{did} {past}
{did} {past} and {still}
{did} but {but}
{did} and {reason}
{did} so {want} {act}
{did} then {reason}
{did} since {reason}
{did} although {reason}
if {condition} {consequence}
when {condition} {faultsentence}
when I {ido} {faultsentence}
whenever I {ido} {faultsentence}
every time I {ido} {faultsentence}
as soon as I {ido} {faultsentence}
if I {ido} {consequence}
once I {ido} {consequence}
ever since {didwe} {faultsentence}
after {didwe} {faultsentence}
because of {noun} {did}
according to {noun} {statement}
instead of {noun2} I got {noun2}
what {wantshort} is {noun2}
what happened (is|was) that {reason}
the (problem|thing|reason I'm calling|issue|trouble) is that {reason}
the (problem|thing|reason I'm calling|issue|trouble) is {reason}
my question is whether {statement}
my question is {whquestion}
to be fair {reason}
the truth is {reason}
basically {reason}
{filler} {want} {act}
{filler} {reason}
the last time I {didbare} {faultsentence}
last time {didwe} {faultsentence}
{whquestion}
{whquestion} please
{hello}{whquestion}
I (want|wanted|would like) to know {whclause}
I was wondering if {statement}
I was wondering {whclause}
do you know {whclause}
(can|could|would) you {actforme}
(can|could|would) you {actforme} {future}
(can|could|would) you (please|) {actforme}
(can|could|would) you tell me {whclause}
(can|could|may) I {actbare}
(can|could|may) I {actbare} {future}
is (it|there a way) (possible|) to {actbare}
is there any (chance|way) {statement}
would it be possible to {actbare}
do you have {stock}
do you have {stock} {future}
I'm looking for {stock}
I'm looking for {stock} for {forwhom}
{want2} {stock}
{want2} {stock} {future}
{statement}
{statement} and {statement}
{statement} but {but}
{statement} because {reason}
I (think|thought|believe) {reason}
I think it was {past}
{somebody} told me that {reason}
{somebody} said {reason}
I (don't|didn't) (know|understand|remember) {whclause}
I live (in|near) {city}
the address is {number} {street} {city}
{number} {street}
my name is {first} {last}
the name on the card is {first} {last}
(this is|it's) {first} {last}
{first} {last}
on {day} {daypart}
{day} {daypart}
{day} or {day}
{month} the {ordinal}
the {ordinal} of {month}
{future} or {future}
I can come {future} or {future}
(yes|no) {reason}
(yes|no) {want} {act}
(yes please|no thank you|that's right|that's fine|that's all thanks|I don't think so|not really|sounds good)
it costs (too much|more than you said|the same)
it's (urgent|not what I ordered|broken|too late|not working|fine|exactly what I wanted)
it happened {past} {place}
(please|just|) (cancel|send me|check|change) {obj}
(please|just|) (cancel|send me|check|change) {obj} (again|today|by mail)
(please|just|) (put me through|transfer me) to {somebody2}
{reason}
{reason} {past}
(I'm|we're|I am) (still|already) {state}
(am I|are we) (still|already) {state}
{unknown}
{unknown} {unknown}
(this is|it's) {unknown} {unknown}
my name is {unknown} {unknown}
I'm calling about {unknown}
do you have {unknown} {future}
(yes|no|yes|no|okay|yeah|sure|right|correct|thanks|thank you|hello|fine|yep|nope|great|maybe)
(yes it is|no it isn't|yes I do|no I don't|yes I have|no I haven't|no it does not|yes it does|not yet|of course|no way)
(why|what|when|where|how much|how many|who|who is it|what is it|why not|what time|how come|what for|who is this for|pardon)
(I don't know|no idea|I'm not sure|I have no idea|nothing else|never mind|that's it|that's all|hold on|hang on|come in|go on|stop|wait)
(that's what I want|that's what I need|that's what I said|that's what it says|it's what I ordered|no I don't want to|I'd love to|I think so)
(ok bye|bye|okay bye then|bye for now|see you then|talk to you later|have a nice day|thanks bye)
(a representative|an agent please|customer service|technical support|a human please|billing|sales|operator|speak to an agent)
(I'd like to|I want to|I would like to|can I) (book|cancel|reserve) (a table|a room|an appointment|a taxi|a seat)
(I'd like to|I want to|I would like to|can I) (book|cancel|reserve) (a table|a room|an appointment|a taxi|a seat) for (two|four|five|one night)
(five|two hundred|twenty five|at seven|at seven thirty|ten past four|for five|twice|three years|two people|that one|the blue one)
(if you like|if you want|if you can|if that's okay|if possible|if you don't mind|if you could)
{statement} (if you like|if you want|if that's okay|if I remember right)
{want} {act} (if possible|if you can|please|thanks|if that's okay)
(call|text|email) {first}
no I (have not|do not|did not|was not|am not|can not)
(tell me|talk to me) about {athing}
tell me (more|a bit) about {athing}
(explain|read me|show me|give me) {athing}
(explain|read me|show me|give me) {athing} {future}
(say|read|repeat) (that|the number|the address|the price|it) (again|please|slowly|)
(can|could) you (just|please|first) {actforme}
(can|could) you (just|please|first) (tell me|say|repeat) (the price|the number|what that costs|that|the last one)
what are (my|the|your) (options|prices|terms|hours|plans)
(sorry|wait) what (was that|did you say|was the number|was the last one|is the price)
(wait|hold on|hang on|sorry) (I have a question|I need a different day|that's wrong|not that one|one second)
(wait|no|sorry) {want} {act}
no (no|) that's not (it|right|what I said|what I meant|my number|what I asked)
no I said {day}
not {day} {day}
that's (too late|too expensive|wrong|the wrong number|not it|not for me|not helpful)
I (already|just) (said that|told you|tried that|paid that|know that|have that one)
I (do not|don't) (want|need|have|like) (that|this|it|that one|any of those)
(never mind|forget it|stop it|enough|just a second|one moment|wait a moment|excuse me|no no|no not that|stop stop)
(please just|just|please) (give me|get me|let me talk to) {somebody2}
(what is|what's) the (time|price|weather|number|score|address|date|total|code|fee)
(what is|what's) the (time|price|weather|number|score|address|date|total|code|fee) (in|of|for) {city}
tell me the (time|price|number|address|total)
`
