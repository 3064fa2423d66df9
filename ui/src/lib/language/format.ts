import { currentLocale } from "./locale";

// Numbers, dates, lists and plurals in the reader's language. `Intl` knows the rules of each.

/** A text for each form that a language has for a number; `#` stands for the number. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

const formatters = new Map<string, unknown>();

/** Making a formatter takes longer than formatting with it, so each is made once. */
function cached<Formatter>(name: string, make: (locale: string) => Formatter): Formatter {
  const locale = currentLocale();
  const id = `${locale} ${name}`;
  const known = formatters.get(id) as Formatter | undefined;
  if (known) return known;
  const made = make(locale);
  formatters.set(id, made);
  return made;
}

/** `plural(3, { one: "# flag", other: "# flags" })` is "3 flags". */
export function plural(count: number, forms: PluralForms): string {
  const rules = cached("plural", (locale) => new Intl.PluralRules(locale));
  return (forms[rules.select(count)] ?? forms.other).replace("#", number(count));
}

/** "12,500", with up to so many decimals. */
export function number(value: number, decimals = 0): string {
  return cached(
    `number ${decimals}`,
    (locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: decimals }),
  ).format(value);
}

/** "12.5K", where there is little room. */
export function shortNumber(value: number): string {
  return cached(
    "short",
    (locale) => new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 }),
  ).format(value);
}

/** "a, b, and c", or with "or". */
export function list(items: readonly string[], joiner: "and" | "or" = "and"): string {
  const type = joiner === "and" ? "conjunction" : "disjunction";
  return cached(`list ${type}`, (locale) => new Intl.ListFormat(locale, { type })).format(items);
}

export type DateStyle = Readonly<Intl.DateTimeFormatOptions>;

/** A moment by the options of `Intl.DateTimeFormat`. */
export function date(value: Date | number, style: DateStyle): string {
  return cached(`date ${JSON.stringify(style)}`, (locale) => new Intl.DateTimeFormat(locale, style)).format(
    value,
  );
}

/** Two moments with what both have in common said once: "Mon, Nov 23, 4:00 – 5:00 PM". */
export function dateRange(from: Date, to: Date, style: DateStyle): string {
  return cached(
    `date ${JSON.stringify(style)}`,
    (locale) => new Intl.DateTimeFormat(locale, style),
  ).formatRange(from, to);
}

/** "5 min. ago", "in 2 days". */
export function relative(value: number, unit: Intl.RelativeTimeFormatUnit): string {
  return cached(
    "relative",
    (locale) => new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" }),
  ).format(value, unit);
}

/** "12.5%" for 0.125, with up to so many decimals. */
export function percent(share: number, decimals = 0): string {
  return cached(
    `percent ${decimals}`,
    (locale) => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: decimals }),
  ).format(share);
}
