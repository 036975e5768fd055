/** What stands in brackets: keys of a menu are said, citations are not. */

/** Words that ask for a key or a choice, or take a number; the bracket behind one is to be said. */
const MENU =
  /(?<!\p{L})(?:press|dial|enter|type|push|select|choose|hit|say|option|key|digit|drücken|drück|wählen|wähle|taste|tippen|sagen|pulse|marque|oprima|presione|elija|teclee|tecla|opción|diga|appuyez|tapez|composez|faites|choisissez|touche|dites|prema|premi|premere|digiti|digita|selezioni|tasto|dica|druk|toets|kies|zeg|pressione|digite|tecle|disque|escolha|нажмите|наберите|введите|выберите|клавиш[аиуе]|скажите|הקש|הקישו|הקישי|לחץ|לחצו|לחצי|בחר|בחרו|מקש|אמרו|اضغط|اختر|اضغطي|قل)(?!\p{L})/iu
/** Just before a bracket. */
const NUMBERED =
  /(?<!\p{L})(?:room|number|extension|code|floor|gate|table|line|step|page|zimmer|nummer|durchwahl|etage|tisch|schritt|seite|habitación|número|extensión|código|mesa|paso|chambre|numéro|poste|étage|étape|stanza|camera|numero|interno|piano|tavolo|kamer|toestel|tafel|stap|quarto|ramal|andar|passo|номер|кабинет|этаж|код|добавочный|חדר|מספר|שלוחה|קומה|קוד|غرفة|رقم|تحويلة|طابق|رمز)\s*$/iu
/** Behind a key, what it is for; before it, as in "for sales [1]". */
const PURPOSE = /^\s*(?:for|to|für|para|pour|per|voor|om|для|чтобы|عبر|ل|[-–—:=]|ל\p{L})(?!\p{Nd})/iu
const PURPOSE_BEFORE = /(?:^|[,;.:\n]) ?(?:for|für|para|pour|per|voor|для) [^,;.:[\]\n]{1,40}$/iu

/** The words of a menu stand no further before what they offer. */
const MENU_CHARS = 120

/** Whether a choice is offered before the place `at`. */
export function isMenu(text: string, at: number): boolean {
  return MENU.test(text.slice(Math.max(0, at - MENU_CHARS), at))
}

/** Whether what stands in brackets at `at` is chosen or asked for: "Say [pause]", "press the [hold] key". */
export function isChoice(text: string, at: number): boolean {
  const sentence = text.slice(Math.max(0, at - MENU_CHARS), at).replace(/^.*[.!?;…\n]/su, '')
  return MENU.test(sentence) && BEFORE_CHOICE.test(sentence)
}

/** The word that asks, an article, or an "or". */
const BEFORE_CHOICE =
  /(?:^|\s)(?:press|dial|enter|type|push|select|choose|hit|say|the|or|oder|die|drücken Sie|sagen Sie|o|ou|of|el|la|le|diga|dites|zeg|или|או|أو)\s*["“]?$/iu

/** `[1]` and `<1>`. In doubt a number is said. */
export function sayMenuKeys(text: string): string {
  if (!/[[<]/u.test(text)) return text
  const menuAt = menuStart(text)
  return text
    .replace(/(?<!\S)<([\p{Nd}*#])>/gu, '$1')
    .replace(
      /\[(\d{1,3}(?:, ?\d{1,3})*)\](\([^()\s]*\))?/gu,
      (_whole, keys: string, link: string | undefined, at: number) => {
        if (link) return ''
        const isKey =
          at >= menuAt || isKeyBetween(text.slice(Math.max(0, at - 60), at), text.slice(at + keys.length + 2))
        return isKey ? keys : ''
      },
    )
}

/** Where a menu begins: at the words of one, or at a first key that begins a line, a list or a choice. */
function menuStart(text: string): number {
  const words = text.search(MENU)
  const list = text.search(/(?:^|\n|[:：]\s?)[\s>*-]{0,4}\[\d{1,3}\]\s*\p{L}/u)
  const choice = text.search(/\[\d{1,3}\]\s*(?:or|oder|o|ou|of|или|או|أو)\s*\[\d/iu)
  return Math.min(...[words, list, choice].map((at) => (at < 0 ? Infinity : at)))
}

function isKeyBetween(before: string, behind: string): boolean {
  return NUMBERED.test(before) || PURPOSE.test(behind.slice(0, 20)) || PURPOSE_BEFORE.test(before)
}
