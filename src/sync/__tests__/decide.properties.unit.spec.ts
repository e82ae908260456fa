import fc from "fast-check"
import { decide, FieldRule, FieldState } from "../decide"
import { fieldRule } from "../field-rules"
import { rulesFingerprint } from "../fingerprint"
import { planFields } from "../plan-fields"
import { FieldValue, OWNERS } from "../values"
import { carriedOut, link, NOW, replacedBy, rules, textRule } from "./fixtures"

const value = fc.constantFrom<FieldValue>("a", "b", "c", " ", "", null)
const base = fc.option(value, { nil: undefined })
const policy = fc.constantFrom("erp" as const, "medusa" as const, "manual" as const)

const anyRule: fc.Arbitrary<FieldRule> = fc
  .record({
    owner: fc.constantFrom(...OWNERS),
    foreign_edits: fc.constantFrom("enforce" as const, "report" as const),
    conflicts: policy,
    first_link: policy,
    blank_clears: fc.boolean(),
    held: fc.constantFrom(null, "push_off" as const),
  })
  .map((changes) => textRule(changes))

const anyState: fc.Arbitrary<FieldState> = fc
  .record({
    erp: value,
    medusa: value,
    base_erp: base,
    base_medusa: base,
    replaced: fc.option(
      value.map((replaced) => replacedBy(replaced, "a", NOW)),
      { nil: undefined },
    ),
    intent: fc.option(
      fc
        .record({
          source: fc.constantFrom("erp" as const, "medusa" as const),
          source_value: value,
          target_value: value,
          replaced_value: value,
        })
        .map((values) => ({ ...values, target_version: null, at: NOW, until: null })),
      { nil: undefined },
    ),
  })
  .map((state) => ({ ...state, now: NOW }))

describe("decide", () => {
  it("has nothing left to do once its decision was carried out", () => {
    fc.assert(
      fc.property(anyState, anyRule, (state, rule) => {
        const after = carriedOut(state, decide(state, rule))
        expect(["write", "agree", "push"]).not.toContain(decide(after, rule).outcome)
      }),
      { numRuns: 3000 },
    )
  })

  it("invents nothing: what it writes is what the ERP holds", () => {
    fc.assert(
      fc.property(anyState, anyRule, (state, rule) => {
        const decision = decide(state, rule)
        if (decision.outcome === "write") {
          expect(decision.to).toEqual(rule.toMedusa(state.erp))
          expect(decision.from).toEqual(state.medusa)
          expect(decision.base_erp).toEqual(state.erp)
        }
      }),
    )
  })

  it("sends nothing but what Medusa holds", () => {
    fc.assert(
      fc.property(anyState, anyRule, (state, rule) => {
        const decision = decide(state, rule)
        if (decision.outcome === "push") {
          expect(rule.owner).not.toBe("erp")
          expect(rule.held).toBeNull()
          expect(decision.to).toEqual(rule.toErp(state.medusa))
          expect(decision.from).toEqual(state.erp)
          expect(decision.base_medusa).toEqual(state.medusa)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it("calls a replaced value a loser exactly when it competed", () => {
    const filled = fc.constantFrom<FieldValue>("a", "b", "c")
    const based = fc
      .record({ erp: filled, medusa: filled, base_erp: filled })
      .map((given): FieldState => ({ ...given, base_medusa: given.base_erp, now: NOW }))
    fc.assert(
      fc.property(based, anyRule, (state, rule) => {
        const decision = decide(state, rule)
        if (decision.outcome === "write") {
          expect(decision.loses).toBe(state.medusa !== state.base_medusa)
        }
        if (decision.outcome === "push") {
          expect(decision.loses).toBe(state.erp !== state.base_erp)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it("never writes what Medusa owns, nor over an equal value", () => {
    fc.assert(
      fc.property(anyState, anyRule, (state, rule) => {
        const decision = decide(state, rule)
        if (decision.outcome === "write") {
          expect(rule.owner).not.toBe("medusa")
          expect(rule.equalMedusa(decision.from, decision.to)).toBe(false)
        }
      }),
    )
  })

  it("decides each field as if it were alone", () => {
    const reading = fc.record({ erp: value, medusa: value, base_erp: base, base_medusa: base })
    fc.assert(
      fc.property(reading, reading, (title, description) => {
        const given = { title, description }
        const bases = (side: "base_erp" | "base_medusa") =>
          Object.fromEntries(
            Object.entries(given).flatMap(([field, entry]) =>
              entry[side] === undefined ? [] : [[field, entry[side]]],
            ),
          )
        const plans = planFields(
          rules(),
          link({ base_erp: bases("base_erp"), base_medusa: bases("base_medusa") }),
          Object.entries(given).map(([field, { erp, medusa }]) => ({ field, erp, medusa })),
          NOW,
        )
        Object.entries(given).forEach(([field, entry], index) => {
          expect(plans[index]?.decision).toEqual(
            decide({ ...entry, now: NOW }, fieldRule(rules(), "product", field)),
          )
        })
      }),
    )
  })

  it("holds a base that was made under another mapping for void", () => {
    const former = link({
      fingerprint: rulesFingerprint({ weight: "kg" }),
      base_erp: { weight: "1", title: "a" },
      base_medusa: { weight: "1", title: "a" },
    })
    const present = rules({ fingerprint: rulesFingerprint({ weight: "g" }) })
    const readings = [
      { field: "weight", erp: "1", medusa: "2" },
      { field: "title", erp: "a", medusa: "m" },
    ]
    const [weight, title] = planFields(present, former, readings, NOW)
    expect(weight?.decision).toMatchObject({ outcome: "write", rule: "first_link", loses: true })
    expect(title?.decision).toMatchObject({ outcome: "pending" })
  })

  it("waits for a person before a changed mapping writes, and lets both sides agree meanwhile", () => {
    const former = rulesFingerprint({ weight: "kg" })
    const standing = link({
      fingerprint: former,
      base_erp: { weight: "1", title: "a" },
      base_medusa: { weight: "1", title: "a" },
    })
    const changed = rules({
      fingerprint: rulesFingerprint({ weight: "g" }),
      approved_fingerprint: former,
    })
    const decisionOf = (field: string, erp: string, medusa: string) =>
      planFields(changed, standing, [{ field, erp, medusa }], NOW)[0]?.decision
    expect(decisionOf("weight", "1", "2")).toEqual({ outcome: "drift", reason: "rules_changed" })
    expect(decisionOf("weight", "2", "2")).toMatchObject({ outcome: "agree" })
    expect(decisionOf("title", "b", "a")).toMatchObject({ outcome: "write" })
  })
})
