/** What an agent that needs no key understands and answers: the phrases are what its recogniser listens for. */
export function localScript(): string {
  return `# What callers may say, and what is answered. Format: README of @kav/plugin-local, "llm: scripted".
version: 1

slots:
  device: [phone, line, radio]

intents:
  # What \`kav call\` says where it is not told what.
  - name: hello
    phrases: [hello, hello there, good morning]
    replies: Hello! Ask me when we are open, or tell me what is broken.

  - name: hours
    phrases: [when do you open, what are your opening hours, when do you close, "are you open on {day}"]
    replies: We open at nine in the morning, from Monday to Friday, and we close at five.

  - name: saturday
    phrases: [and on saturday please, are you open on the weekend]
    replies: On Saturday we are closed.

  - name: broken
    phrases: ["my {device} is broken", "something is wrong with my {device}"]
    replies: I am sorry about your {device}. Somebody will call you back today.

  - name: thanks
    phrases: [thank you, thank you very much]
    replies: You are welcome. Is there anything else?

  - name: goodbye
    phrases: [goodbye, bye bye, "no thank you", that is all]
    replies: Goodbye, and thank you for calling.
    then: hang_up

fallbacks:
  - I am sorry, I did not catch that. Could you say it again?
  - I can tell you when we are open, and take a note when something is broken.
`
}
