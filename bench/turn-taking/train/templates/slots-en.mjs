// The phrases of the English patterns, one list a name.

import { phrases as list } from './phrases.mjs'

export const ENGLISH_SLOTS = {
  hello: [
    ...list('hi, hello, good morning, hi there, good afternoon').map((phrase) => `${phrase} `),
    '',
    '',
    '',
    '',
  ],
  filler: list(
    'um, uh, well, okay so, yeah so, right so, so basically, actually, look, listen, you see, oh and, so um',
  ),
  want: list(`
    I want to, I'd like to, I would like to, I need to, I wanted to, I was hoping to, we'd like to, we need to, we want to,
    I'm trying to, I've been trying to, I'm planning to, I was told to, I have to, I just need to, I forgot to`),
  want2: list(
    'I need, I want, we need, I would like, I am after, we are looking for, I ordered, I bought, I need to buy',
  ),
  wantshort: list('I want, I need, we want, I would like, I really need, I asked for'),
  calling: list(
    `I'm calling, I am calling, I called, I'm phoning, I'm ringing, we're calling, I was calling, I'm just calling`,
  ),
  act: list(`
    book an appointment, cancel my order, cancel the booking for Saturday, change my address, change the delivery date,
    speak to someone, speak to somebody in billing, talk to a real person, update my card details, update my phone number,
    check on my delivery, check my balance, find out what happened, get a copy of the invoice, get a refund, get my money back,
    order a taxi to the airport, order two large pizzas, reserve a table for six, book a room for two nights,
    exchange the jacket, return the shoes, pay my bill, pay in instalments, renew my contract, renew my prescription,
    extend the loan, move my appointment, open an account, close my account, reset my password, log in to the website,
    report a fault, report a lost card, make a complaint, add my wife to the policy, add another passenger, upgrade my plan,
    transfer some money, block my card, buy two tickets for the show, leave a message, ask a question, pick up the parcel,
    switch to another plan, schedule a visit, file a claim, apply for the job, sell my car, rent a van`),
  actbare: list(`
    cancel it, change my seat, pay by card, pay with cash, bring my dog, come a bit later, get a discount, get it delivered,
    speak to a manager, send it back, leave it with a neighbour, pick it up tomorrow, do that online, keep my number,
    have the receipt, make a reservation, move it to the afternoon, add a bag, book two seats, use the voucher`),
  actforme: list(`
    check that for me, send me the invoice, send me a link, send someone over, help me, help me with the form, put me through,
    put me through to billing, cancel it, explain the bill, call me back, call me back this afternoon, hold a room for us,
    give me the number, give me a discount, read the address back, tell me the price, look up my order, reset my password,
    waive the fee, change the name on the ticket`),
  athing: list(`
    my parcel, the bill, the invoice, my order, my appointment, the delivery, my subscription, the policy, the loan, my card,
    the charge, the fridge, the heating, the washing machine, my phone, the internet, the router, the flat, the meeting,
    the flight, the hotel, the course, the prescription, the test, the message, the letter, the new card, my last statement,
    the claim, the quote, a refund, the blue jacket, the sofa, the tickets, the boiler, our booking, my password, the app`),
  things: list(
    'phone, card, order, appointment, laptop, account, bike, passport, medicine, hearing aid, car, flight, school bag',
  ),
  relative: list(`
    I bought, I bought from you, I bought last month, that I ordered, I ordered online, I ordered last week, that I got,
    I got as a present, you sent me, that you installed, they delivered, I sent in for repair, that I paid for, we talked about,
    that was supposed to come, I saw on the website, I returned, which came yesterday, from March, on the website,
    for next Saturday, with the two children, who came on Monday, in the hall, on the top floor`),
  fault: list(`
    doesn't work, does not work any more, stopped working, never came, hasn't arrived yet, is broken, is stuck, won't turn on,
    makes a strange noise, is blocked, won't connect, is very slow, won't open, has disappeared, expired, was late, was wrong,
    is too small, shows an error, keeps dropping, is leaking, arrived damaged, went to the wrong address, is missing a part,
    was cancelled, is higher than last month, has the wrong name on it, needs to be changed, was charged twice`),
  faultsentence: list(`
    the screen goes black, it freezes, it doesn't work, the call drops, I get an error, I can't log in, nothing happens,
    it just turns off, it asks for a password, the red light comes on, nobody answers, the line is busy, I have no internet,
    I never got an answer, the price was different, they put me on hold, it was fine`),
  issue: list('a problem, a question, an issue, some trouble, a complaint, two questions, a small problem'),
  appointment: list(`
    an appointment, an appointment with the dentist, a booking, a reservation, a flight, a meeting, a parcel to pick up,
    a lesson, a table booked, a delivery coming, a viewing`),
  future: list(`
    tomorrow, tomorrow morning, tomorrow at eight, this afternoon, today, tonight, next week, next Tuesday, on Sunday,
    on Monday morning, on Thursday evening, this weekend, at the end of the month, in July, at four o'clock, at half past four,
    at noon, between eight and ten, before the holidays, by Friday, as soon as possible, in two days, in the evening`),
  past: list(`
    yesterday, last night, this morning, last week, last month, a week ago, two weeks ago, a few days ago, on Sunday,
    since yesterday, for two weeks now, an hour ago, last year, in January, the day before yesterday`),
  did: list(`
    I booked a table, I ordered a sofa, I ordered four shirts, I paid the bill, I paid twice, I paid by card, I got a message,
    I got a letter from you, I got the wrong size, I sent an email, I sent you the documents, I spoke to someone,
    I spoke to a lady called Susan, I bought a fridge, we moved house, we moved to Leeds, I changed my password,
    I asked for a refund, I cancelled the order, I filled in the form, I signed up, I waited all day, I waited for an hour,
    I lost my card, I forgot my password, I tried to call, I tried to log in, I installed the app, I turned it on,
    I returned the shoes, I went to the branch, somebody stole my phone, they charged me twice, the technician came`),
  didwe: list(
    'we moved, I changed the password, I installed the update, the storm, I spoke to you, you sent the engineer',
  ),
  didbare: list('called, tried, paid, ordered something, spoke to someone, checked, flew with you, came in'),
  still: list(
    "I haven't heard back, I still have no internet, it still doesn't work, nobody called, I'm still waiting",
  ),
  but: list(`
    it didn't work, nobody called me back, I don't have the number, I haven't received anything, I don't know how,
    I have no time, it's too expensive, they said it wasn't possible, I'm not at home, the website won't let me,
    one of the boxes was empty, I only have cash, I need it earlier`),
  reason: list(`
    the internet is down, my parcel didn't arrive, my bill is higher than last month, you charged me twice, I'm moving house,
    I'm going abroad, my son is ill, my card was stolen, nobody called me back, the engineer didn't come, the line is dead,
    I'm not getting any messages, I forgot my password, I lost my card, my appointment was cancelled, it came broken,
    I ordered the wrong size, the price is different, I have a meeting then, I can't make it, I never got the invoice,
    somebody used my account, there's a noise on the line, we have no hot water, the service was terrible`),
  condition: list(`
    I pay today, I cancel now, we take the bigger one, I order by Friday, I come late, I'm not at home, there is space,
    you have it in stock, it doesn't fit, you send it today, it's possible, it rains, my contract ends, the kids are with us`),
  ido: list(`
    log in, press the button, turn it on, turn the key, open the app, pay by card, call you, plug it in, enter the code,
    move house, upgrade now, click on the link, start the engine, pick up the phone`),
  consequence: list(`
    when will it arrive, when do I get the money, how much would it be, can I get a discount, I'd be happy to order,
    I want to cancel, please send me a message, will it come before the weekend, do I have to pay a fee, I'll come tomorrow`),
  statement: list(`
    you are open on Saturday, you deliver here, you take cards, there is parking, it has a lift, I can pay in cash,
    the parcel has been sent, the branch is open, I need an ID, I'm fully insured, breakfast is included, there's a free slot,
    I get a discount, I'm already a customer, I have the receipt, it includes tax, I can bring the kids, the offer is still on,
    I don't have access, I can't log in, I prefer the morning, I'll come by car, I'm on my way, somebody will call me,
    I'm vegetarian, I live on the third floor, my address has changed, the number is correct`),
  whquestion: list(`
    what are your opening hours, what time do you close, what does it cost, what is the price of the bigger plan,
    what's your address, what's my balance, what's the status of my order, what do I need to bring, when do you open,
    when will my parcel arrive, when is the engineer coming, when does my contract end, how much is it, how much is delivery,
    how long does it take, how much do I owe, where are you, where is my parcel, where can I park, how do I get there,
    how do I cancel, how do I change my password, how does it work, why was I charged twice, why is my bill so high,
    why don't I have internet, who is coming, who can I talk to, which documents do I need, which plan is right for me`),
  whclause: list(`
    what your opening hours are, what time you close, what it costs, where you are, where my parcel is, when it will arrive,
    when my contract ends, how much it is, how long it takes, how much I owe, how I can cancel, why I was charged,
    who is coming, which plan is right for me, whether my visa was approved, if you are open, what happened, how it works`),
  stock: list(`
    a free slot, a room, a table for two, the blue one, a larger size, disabled parking, something cheaper, a flight to London,
    a flat with two bedrooms, a dentist, a present, a small sofa, something in white, a plan for abroad, tickets for the show,
    an English course, a hotel near the beach, some help, a receipt, a payment link, winter tyres, a rental car`),
  forwhom: list(
    "my mother, my son, two people, a family with kids, the weekend, my daughter's birthday, the office",
  ),
  noun: list(
    'the storm, the strike, the delay, your mistake, the traffic, the contract, your website, the letter, the holidays',
  ),
  noun2: list(
    'a quiet room, the large one, the black chair, my money back, a new one, the small size, a proper answer, an apology',
  ),
  obj: list(
    'the order, my order, the charge, the invoice, the receipt, the appointment, the code, the link, the address',
  ),
  somebody: list(
    'they, somebody, your colleague, the lady in the shop, the driver, the website, my doctor, the mechanic',
  ),
  somebody2: list(
    'the service desk, billing, a manager, a human, somebody, the reception, the technical department',
  ),
  whose: list(
    "my, our, my mother's, my father's, my son's, my wife's, the neighbour's, my daughter's, my boss's",
  ),
  place: list('in the shop, at home, on the way to work, at the station, on your website, at the checkout'),
  city: list('Boston, London, Leeds, Chicago, Denver, Bristol, Austin, Dublin'),
  street: list('Main Street, Oak Avenue, Church Road, Mill Lane, High Street, Park Drive'),
  first: list('Susan, Peter, Maria, John, Emily, David, Nora, Tom, Grace, Daniel, Aisha, Lucas'),
  last: list('Miller, Baker, Johnson, Lopez, Evans, Murphy, Khan, Fischer, Clark, Young'),
  day: list('Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday, tomorrow'),
  daypart: list('morning, afternoon, evening, at nine, at four, at half past six, around noon, after lunch'),
  month: list(
    'January, February, March, April, May, June, July, August, September, October, November, December',
  ),
  ordinal: list(
    'first, second, third, fifth, ninth, tenth, twelfth, fifteenth, twentieth, twenty third, thirtieth',
  ),
  number: list('five, twelve, twenty three, forty two, one hundred and six, eighty, seventeen'),
  state: list(
    'a customer, a member, at home, at work, waiting, on the old plan, on hold, registered, abroad, on the line, covered, on trial',
  ),
}
