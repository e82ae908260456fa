import { rulesFingerprint } from "../fingerprint"
import { FieldPlan, FieldReading, planFields } from "../plan-fields"
import { keepRefusal, refusalName } from "../refusals"
import { Rules } from "../rules"
import { Intent, Link, Replaced } from "../values"
import { link, NOW, pushing, replacedBy, rules } from "./fixtures"

const own = (changes: Partial<Link> = {}): Link =>
  link({ base_erp: { title: "a" }, base_medusa: { title: "a" }, ...changes })

const planned = (
  reading: Partial<FieldReading>,
  changes: Partial<Link> = {},
  given: Rules = pushing(),
): FieldPlan | undefined =>
  planFields(given, own(changes), [{ field: "title", erp: "a", medusa: "a", ...reading }], NOW)[0]

describe("an edit that the ERP refused", () => {
  const refusal = { reason: "refused_by_erp", message: "Too long for the label." } as const
  const kept = { [refusalName("title")]: keepRefusal(refusal, { from: "a", to: "m" }, NOW) }

  it("is not sent again: it waits with what the ERP said", () => {
    expect(planned({ medusa: "m" }, { kept })?.decision).toEqual({
      outcome: "pending",
      ...refusal,
      value: "m",
      loses_erp: false,
    })
  })

  it("waits with the word that the ERP's value would lose", () => {
    const both = { base_erp: { title: "z" }, base_medusa: { title: "a" }, kept }
    const conflicts = pushing({ conflicts: "medusa" })
    expect(planned({ medusa: "m" }, both, conflicts)?.decision).toMatchObject({
      outcome: "pending",
      loses_erp: true,
    })
  })

  it("is sent where it is another one, or of another field", () => {
    expect(planned({ medusa: "n" }, { kept })?.decision).toMatchObject({ outcome: "push", to: "n" })
    const other = { [refusalName("sku")]: keepRefusal(refusal, { from: "a", to: "m" }, NOW) }
    expect(planned({ medusa: "m" }, { kept: other })?.decision.outcome).toBe("push")
  })

  it("stops no write to the store", () => {
    const written = { [refusalName("title")]: keepRefusal(refusal, { from: "a", to: "b" }, NOW) }
    expect(planned({ erp: "b" }, { kept: written })?.decision).toMatchObject({
      outcome: "write",
      to: "b",
    })
  })
})

describe("two values that keep taking each other's place", () => {
  const turned: Replaced = { ...replacedBy("b", "a", NOW), turns: 3 }
  const frozen = { outcome: "conflict", reason: "oscillation" }

  it("are frozen, both shown, whichever side would be written", () => {
    expect(planned({ erp: "b" }, { replaced: { title: turned } })?.decision).toEqual({
      ...frozen,
      erp: "b",
      medusa: "a",
    })
    const chosen = { medusa: "b", is_edit: true }
    expect(planned(chosen, { replaced: { title: turned } })?.decision).toEqual({
      ...frozen,
      erp: "a",
      medusa: "b",
    })
  })

  it("are not while they did so less often, or where another value comes", () => {
    const twice = { title: { ...turned, turns: 2 } }
    expect(planned({ erp: "b" }, { replaced: twice })?.decision.outcome).toBe("write")
    const other = planned({ erp: "c" }, { replaced: { title: turned } })
    expect(other?.decision.outcome).toBe("write")
  })

  it("are no reason to freeze a field of which nothing is written", () => {
    const held = planned({ medusa: "b", is_edit: true }, { replaced: { title: turned } }, rules())
    expect(held?.decision).toMatchObject({ outcome: "pending", reason: "push_off" })
  })
})

describe("a mapping that changed", () => {
  const former = rulesFingerprint({ title: "1" })
  const changed = pushing({
    fingerprint: rulesFingerprint({ title: "2" }),
    approved_fingerprint: former,
  })

  it("voids the base, and says so", () => {
    expect(planned({}, { fingerprint: former }, changed)?.voided).toBe(true)
    expect(planned({}, { fingerprint: changed.fingerprint }, changed)?.voided).toBe(false)
  })

  it("does not hold back what never had a base", () => {
    const bare = { fingerprint: former, base_erp: {}, base_medusa: {} }
    expect(planned({ erp: "b" }, bare, changed)?.decision).toMatchObject({
      outcome: "write",
      rule: "first_link",
    })
  })

  it("waits for a request that may still land, as ever", () => {
    const until = new Date(Date.parse(NOW) + 60_000).toISOString()
    const intent: Intent = {
      source: "medusa",
      source_value: "m",
      target_value: "m",
      replaced_value: "a",
      target_version: null,
      at: NOW,
      until,
    }
    const sent = { fingerprint: former, intents: { title: intent } }
    expect(planned({ medusa: "m" }, sent, changed)?.decision).toEqual({ outcome: "wait", until })
  })

  it("writes once it was approved", () => {
    const approved = { ...changed, approved_fingerprint: changed.fingerprint }
    expect(planned({ erp: "b" }, { fingerprint: former }, approved)?.decision).toMatchObject({
      outcome: "write",
      rule: "first_link",
    })
  })
})
