import { decide, Decision, FieldRule, FieldState } from "../decide"
import { Intent } from "../values"
import { NOW, replacedBy, state, textRule } from "./fixtures"

const minutesAgo = (minutes: number): string =>
  new Date(Date.parse(NOW) - minutes * 60_000).toISOString()

const decided = (given: Partial<FieldState>, rule: Partial<FieldRule> = {}): Decision =>
  decide(state(given), textRule({ owner: "both", held: null, ...rule }))

const UNBASED = { base_erp: undefined, base_medusa: undefined }
const BOTH_MOVED = { erp: "b", medusa: "m" }
const RETURNED = { medusa: "old", replaced: replacedBy("old", "a", minutesAgo(1)) }

describe("who wins, and by which rule", () => {
  const policies = ["erp", "medusa", "manual"] as const

  it.each(policies)(
    "a conflict of edits is settled by the policy of conflicts: %s",
    (conflicts) => {
      const expected = {
        erp: {
          outcome: "write",
          from: "m",
          to: "b",
          base_erp: "b",
          rule: "conflict_erp_wins",
          loses: true,
        },
        medusa: {
          outcome: "push",
          from: "b",
          to: "m",
          base_medusa: "m",
          rule: "conflict_medusa_wins",
          loses: true,
        },
        manual: { outcome: "conflict", reason: "both_changed", ...BOTH_MOVED },
      }
      for (const first_link of policies) {
        expect(decided(BOTH_MOVED, { conflicts, first_link })).toMatchObject(expected[conflicts])
      }
    },
  )

  it.each(policies)("a stale return is settled by the policy of conflicts: %s", (conflicts) => {
    const expected = {
      erp: { outcome: "write", from: "old", to: "a", rule: "stale_return", loses: true },
      medusa: { outcome: "push", to: "old", rule: "conflict_medusa_wins", loses: true },
      manual: { outcome: "conflict", reason: "stale_return", erp: "a", medusa: "old" },
    }
    expect(decided(RETURNED, { conflicts })).toEqual(expect.objectContaining(expected[conflicts]))
  })

  it.each(policies)("the first link is settled by a policy of its own: %s", (first_link) => {
    const expected = {
      erp: { outcome: "write", from: "m", to: "b", rule: "first_link", loses: true },
      medusa: { outcome: "push", from: "b", to: "m", rule: "first_link", loses: true },
      manual: { outcome: "conflict", reason: "first_link", ...BOTH_MOVED },
    }
    for (const conflicts of policies) {
      expect(decided({ ...UNBASED, ...BOTH_MOVED }, { conflicts, first_link })).toMatchObject(
        expected[first_link],
      )
    }
  })

  it("on the first link an owner's value goes to the other side, and a blank there loses nothing", () => {
    const owned = { owner: "medusa" } as const
    const sent = { outcome: "push", from: "b", to: "m", rule: "first_link", loses: true }
    expect(decided({ ...UNBASED, ...BOTH_MOVED }, owned)).toMatchObject(sent)
    expect(decided({ ...UNBASED, erp: null, medusa: "m" }, owned)).toMatchObject({
      ...sent,
      from: null,
      loses: false,
    })
  })

  it("one base alone is none: both sides have to have agreed", () => {
    expect(decided({ ...BOTH_MOVED, base_erp: undefined })).toMatchObject({ rule: "first_link" })
    expect(decided({ ...BOTH_MOVED, base_medusa: undefined })).toMatchObject({ rule: "first_link" })
  })
})

describe("what is no stale return", () => {
  it.each<[string, Partial<FieldState>]>([
    ["a value that was chosen", { is_edit: true }],
    [
      "the return of a value that we replaced in the ERP",
      {
        replaced: { ...replacedBy("old", "a", minutesAgo(1)), side: "erp" },
      },
    ],
    ["a value that nobody replaced", { replaced: undefined }],
    [
      "a value that an older write than the last replaced",
      {
        replaced: replacedBy("older", "a", minutesAgo(1)),
      },
    ],
  ])("%s: it is an edit", (_case, changes) => {
    expect(decided({ ...RETURNED, ...changes })).toMatchObject({
      outcome: "push",
      rule: "medusa_changed",
      loses: false,
    })
  })

  it("a return in a field of Medusa's own", () => {
    expect(decided(RETURNED, { owner: "medusa" })).toMatchObject({ rule: "medusa_changed" })
  })
})

describe("a request whose fate is unknown", () => {
  const sent = (
    until: string | null,
    source: Intent["source"] = "medusa",
  ): Partial<FieldState> => ({
    medusa: "m",
    intent: {
      source,
      source_value: "m",
      target_value: "m",
      replaced_value: "a",
      target_version: null,
      at: NOW,
      until,
    },
  })

  it("is waited for until it cannot land any more, and not a moment longer", () => {
    const later = minutesAgo(-1)
    expect(decided(sent(later))).toEqual({ outcome: "wait", until: later })
    expect(decided(sent(NOW))).toMatchObject({ outcome: "push", to: "m" })
    expect(decided(sent(null))).toMatchObject({ outcome: "push", to: "m" })
  })

  it("is one to the ERP: a write to the store is done or not", () => {
    const { intent } = sent(minutesAgo(-1), "erp")
    expect(decided({ medusa: "x", intent })).toMatchObject({ outcome: "push", to: "x" })
  })
})

describe("the same value on both sides", () => {
  const upper: Partial<FieldRule> = { toErp: (value) => value && String(value).toUpperCase() }

  it("is the same by what the ERP would make of the store's", () => {
    expect(decided({ erp: "M", medusa: "m" }, upper)).toEqual({
      outcome: "agree",
      base_erp: "M",
      base_medusa: "m",
    })
  })

  it("is not where the ERP has no place for the store's", () => {
    expect(decided({ erp: "M", medusa: "m" }, { ...upper, held: "unsupported" })).toMatchObject({
      outcome: "write",
      to: "M",
    })
  })

  it("is not where the store's is blank: what the ERP makes of that says nothing", () => {
    const blank: Partial<FieldRule> = { toErp: () => "none", blank_clears: true }
    expect(decided({ erp: "none", medusa: null }, blank).outcome).not.toBe("agree")
  })

  it("is not agreed on anew where both sides are at their bases, whatever those are", () => {
    const bases = { base_erp: "A", base_medusa: "a" }
    expect(decided({ ...bases, erp: "A", medusa: "a" })).toEqual({ outcome: "unchanged" })
    expect(decided({ ...bases, erp: "a", medusa: "a" })).toMatchObject({ outcome: "agree" })
  })
})

describe("blanks that may not clear", () => {
  const refused: Partial<FieldRule> = { blank_clears: false }

  it("are left alone on either side, or on both", () => {
    const drift = { outcome: "drift", reason: "blank_refused" }
    expect(decided({ erp: null }, refused)).toEqual(drift)
    expect(decided({ medusa: null }, refused)).toEqual(drift)
    expect(decided({ medusa: null }, { ...refused, owner: "medusa" })).toEqual(drift)
  })

  it("are replaced in a field of the ERP's: nothing travels, so nothing is refused", () => {
    const restored = { outcome: "write", from: null, to: "a", rule: "enforce", loses: true }
    expect(decided({ medusa: null }, { ...refused, owner: "erp" })).toMatchObject(restored)
    expect(decided({ erp: "b", medusa: null }, { ...refused, owner: "erp" })).toMatchObject({
      ...restored,
      to: "b",
      rule: "erp_owns",
    })
  })

  it("are no losers where they stood at their base already", () => {
    const standing = { medusa: null, base_medusa: null }
    expect(decided({ ...standing, erp: "b" }, refused)).toMatchObject({ to: "b", loses: false })
  })

  it("chosen by a person are refused all the same", () => {
    const drift = { outcome: "drift", reason: "blank_refused" }
    expect(decided({ erp: null, medusa: "m", resolution: "erp" }, refused)).toEqual(drift)
    expect(decided({ erp: "b", medusa: null, resolution: "medusa" }, refused)).toEqual(drift)
  })
})
