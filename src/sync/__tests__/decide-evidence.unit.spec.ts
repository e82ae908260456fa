import { decide, Decision, FieldRule, FieldState } from "../decide"
import { fieldRule } from "../field-rules"
import { Intent } from "../values"
import { NOW, replacedBy, rules, state, textRule } from "./fixtures"

type Case = [string, Partial<FieldState>, Partial<FieldRule>, Partial<Decision>]

const BOTH: Partial<FieldRule> = { owner: "both" }

const intent = (changes: Partial<Intent> = {}): Intent => ({
  source: "erp",
  source_value: "b",
  target_value: "b",
  replaced_value: "a",
  target_version: null,
  at: NOW,
  until: null,
  ...changes,
})

/** An edit "m" on its way into the ERP, that may land until so many minutes from now. */
const sent = (minutes: number): Intent =>
  intent({ source: "medusa", source_value: "m", target_value: "m", until: minutesAgo(-minutes) })

const minutesAgo = (minutes: number): string =>
  new Date(Date.parse(NOW) - minutes * 60_000).toISOString()

const write = (to: string | null, rule: string, loses: boolean) =>
  ({ outcome: "write", to, rule, loses }) as Partial<Decision>

const RETURNS: Case[] = [
  [
    "a shared field returns within 15 minutes to what we replaced: a conflict, no edit",
    { medusa: "old", replaced: replacedBy("old", "a", minutesAgo(14)) },
    BOTH,
    write("a", "stale_return", true),
  ],
  [
    "after 15 minutes the same is an edit",
    { medusa: "old", replaced: replacedBy("old", "a", minutesAgo(15)) },
    BOTH,
    { outcome: "pending", value: "old", loses_erp: false },
  ],
  [
    "another value is an edit at once",
    { medusa: "new", replaced: replacedBy("old", "a", minutesAgo(1)) },
    BOTH,
    { outcome: "pending", value: "new", loses_erp: false },
  ],
  [
    "so is the value that we replaced before an edit that both sides have agreed on since",
    {
      erp: "edit",
      base_erp: "edit",
      base_medusa: "edit",
      medusa: "old",
      replaced: replacedBy("old", "a", minutesAgo(1)),
    },
    BOTH,
    { outcome: "pending", value: "old", loses_erp: false },
  ],
]

const INTENTS: Case[] = [
  [
    "the written side holds the intended value: our write, agreed on",
    { erp: "b", medusa: "b", intent: intent() },
    BOTH,
    { outcome: "agree", base_erp: "b", base_medusa: "b" },
  ],
  [
    "our write arrived, and the ERP moved on since: written, nobody loses",
    { erp: "c", medusa: "b", intent: intent() },
    BOTH,
    write("c", "erp_changed", false),
  ],
  [
    "our write never arrived: the bases stay, and it is due again",
    { erp: "b", medusa: "a", intent: intent() },
    BOTH,
    write("b", "erp_changed", false),
  ],
  [
    "somebody else wrote meanwhile: a conflict",
    { erp: "b", medusa: "m", intent: intent() },
    BOTH,
    write("b", "conflict_erp_wins", true),
  ],
  [
    "a settled intent is put away even where nothing moved",
    { intent: intent({ target_value: "z" }) },
    BOTH,
    { outcome: "agree", base_erp: "a", base_medusa: "a" },
  ],
  [
    "a write to the ERP that arrived is no edit of the ERP's",
    {
      erp: "m",
      medusa: "m2",
      intent: intent({ source: "medusa", source_value: "m", target_value: "m" }),
    },
    BOTH,
    { outcome: "pending", value: "m2", loses_erp: false },
  ],
  [
    "a request that may still land is waited for",
    { medusa: "m", intent: sent(1) },
    { ...BOTH, held: null },
    { outcome: "wait" },
  ],
  [
    "it is waited for even where the ERP moved on: it would land over that",
    { erp: "c", medusa: "m", intent: sent(1) },
    { ...BOTH, held: null },
    { outcome: "wait" },
  ],
  [
    "seen to have landed, it is not waited for",
    { erp: "m", medusa: "m2", intent: sent(1) },
    { ...BOTH, held: null },
    { outcome: "push", from: "m", to: "m2", base_medusa: "m2", loses: false },
  ],
  [
    "over and not seen, it never happened: the edit is due again",
    { medusa: "m", intent: sent(-1) },
    { ...BOTH, held: null },
    { outcome: "push", from: "a", to: "m", rule: "medusa_changed", loses: false },
  ],
]

const run = (name: string, cases: Case[]): void => {
  describe(name, () => {
    it.each(cases)("%s", (_name, given, rule, expected) => {
      expect(decide(state(given), textRule(rule))).toMatchObject(expected)
    })
  })
}

run("a stale return", RETURNS)
run("an open intent", INTENTS)

describe("normalising sides", () => {
  const price = fieldRule(rules(), "variant", "price:eur")

  it("writes what Medusa will hold, and bases the ERP's exact value", () => {
    const given = state({ erp: "1.005", medusa: "1", base_erp: "1", base_medusa: "1" })
    expect(decide(given, price)).toMatchObject({ to: "1.01", base_erp: "1.005" })
  })

  it("takes a rounding for no difference", () => {
    const given = state({ erp: "1.005", medusa: "1.01", base_erp: "1", base_medusa: "1" })
    expect(decide(given, price)).toEqual({
      outcome: "agree",
      base_erp: "1.005",
      base_medusa: "1.01",
    })
  })

  it("takes another notation of the same number for no change", () => {
    const given = state({ erp: "12.50", medusa: "12.5", base_erp: "12.5", base_medusa: "12.50" })
    expect(decide(given, price)).toEqual({ outcome: "unchanged" })
  })

  it("never clears a price", () => {
    const given = state({ erp: null, medusa: "1", base_erp: "1", base_medusa: "1" })
    expect(decide(given, price)).toEqual({ outcome: "drift", reason: "blank_refused" })
  })
})
