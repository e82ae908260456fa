import fc from "fast-check"
import { withDefaultOption } from "../default-option"
import { matchVariants } from "../match-variants"
import { product, variant, variantLink } from "./fixtures"

const ids = (matches: { link: { erp_id: string }; erp: { id: string } }[]): string[][] =>
  matches.map(({ link, erp }) => [link.erp_id, erp.id])

const summary = (...args: Parameters<typeof matchVariants>) => {
  const { kept, repointed, fresh, gone } = matchVariants(...args)
  return {
    kept: ids(kept),
    repointed: ids(repointed),
    fresh: fresh.map((erp) => erp.id),
    gone: gone.map((link) => link.erp_id),
  }
}

const colours = { 1: ["10", "11"] }

describe("variants that meet their links", () => {
  it("keeps those with the same id, whatever their values", () => {
    const erp = product(colours, [variant("a", ["1:11"]), variant("b", ["1:10"])])
    expect(summary(erp, [variantLink("a", "1:10"), variantLink("b", "1:11")])).toEqual({
      kept: [
        ["a", "a"],
        ["b", "b"],
      ],
      repointed: [],
      fresh: [],
      gone: [],
    })
  })

  it("re-points one that was remade under a new id with the same dictionary values", () => {
    const erp = product(colours, [variant("x", ["1:10"]), variant("y", ["1:11"])])
    expect(summary(erp, [variantLink("a", "1:10"), variantLink("b", "1:11")])).toMatchObject({
      repointed: [
        ["a", "x"],
        ["b", "y"],
      ],
      fresh: [],
      gone: [],
    })
  })

  it("neither re-points nor retires a variant that the ERP shows under another product", () => {
    const erp = product(colours, [variant("x", ["1:10"]), variant("b", ["1:11"])])
    const moved = variantLink("a", "1:10", { kept: { moved_to: "2" } })
    expect(summary(erp, [moved, variantLink("b", "1:11")])).toEqual({
      kept: [["b", "b"]],
      repointed: [],
      fresh: ["x"],
      gone: [],
    })
  })

  it("keeps a variant that came back from another product", () => {
    const erp = product(colours, [variant("a", ["1:10"])])
    expect(summary(erp, [variantLink("a", "1:10", { kept: { moved_to: "2" } })])).toMatchObject({
      kept: [["a", "a"]],
      gone: [],
    })
  })

  it("re-points links that were gone already", () => {
    const erp = product(colours, [variant("x", ["1:10"])])
    expect(summary(erp, [variantLink("a", "1:10", { state: "gone" })])).toMatchObject({
      repointed: [["a", "x"]],
    })
  })

  it("re-points by the values that remained when an option is added", () => {
    const erp = product({ ...colours, 2: ["20", "21"] }, [
      variant("x", ["1:10", "2:20"]),
      variant("y", ["1:11", "2:21"]),
    ])
    expect(summary(erp, [variantLink("a", "1:10"), variantLink("b", "1:11")])).toMatchObject({
      repointed: [
        ["a", "x"],
        ["b", "y"],
      ],
    })
  })

  it("does not guess when the added option splits a variant in two", () => {
    const erp = product({ ...colours, 2: ["20", "21"] }, [
      variant("x", ["1:10", "2:20"]),
      variant("y", ["1:10", "2:21"]),
    ])
    expect(summary(erp, [variantLink("a", "1:10")])).toEqual({
      kept: [],
      repointed: [],
      fresh: ["x", "y"],
      gone: ["a"],
    })
  })

  it("does not guess when a removed option leaves two of the same values", () => {
    const erp = product(colours, [variant("x", ["1:10"])])
    const links = [variantLink("a", "1:10,2:20"), variantLink("b", "1:10,2:21")]
    expect(summary(erp, links)).toMatchObject({ repointed: [], fresh: ["x"], gone: ["a", "b"] })
  })

  it("re-points the only variant of a simple product that gets its first option", () => {
    const erp = product(colours, [variant("x", ["1:10"])])
    expect(summary(erp, [variantLink("a", "default:default")])).toMatchObject({
      repointed: [["a", "x"]],
    })
  })

  it("does not guess among gone twins", () => {
    const erp = product(colours, [variant("x", ["1:10"])])
    const links = [
      variantLink("a", "1:10", { state: "gone" }),
      variantLink("b", "1:10", { state: "gone" }),
    ]
    expect(summary(erp, links)).toMatchObject({ repointed: [], fresh: ["x"], gone: ["a", "b"] })
  })

  it("takes an archived variant for gone, and does not make it anew", () => {
    const erp = product(colours, [variant("a", ["1:10"], { active: false })])
    expect(summary(erp, [variantLink("a", "1:10")])).toEqual({
      kept: [],
      repointed: [],
      fresh: [],
      gone: ["a"],
    })
  })

  it("leaves a tombstone alone: neither kept nor created again, and it re-points nothing", () => {
    const tombstone = variantLink("a", "1:10", { state: "tombstone" })
    const same = product(colours, [variant("a", ["1:10"])])
    expect(summary(same, [tombstone])).toEqual({ kept: [], repointed: [], fresh: [], gone: [] })
    const remade = product(colours, [variant("x", ["1:10"])])
    expect(summary(remade, [tombstone])).toMatchObject({ repointed: [], fresh: ["x"], gone: [] })
  })

  it("uses each variant and each link once", () => {
    const value = fc.constantFrom("1:10", "1:11")
    const state = fc.constantFrom("linked", "gone", "creating", "tombstone" as const)
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.record({ id: fc.integer({ min: 1, max: 6 }), value }), {
          selector: (entry) => entry.id,
        }),
        fc.uniqueArray(fc.record({ id: fc.integer({ min: 4, max: 9 }), value, state }), {
          selector: (entry) => entry.id,
        }),
        (variants, links) => {
          const erp = product(
            colours,
            variants.map((entry) => variant(String(entry.id), [entry.value])),
          )
          const held = links.map((entry) =>
            variantLink(String(entry.id), entry.value, { state: entry.state as "linked" }),
          )
          const { kept, repointed, fresh, gone } = matchVariants(withDefaultOption(erp), held)
          const usedLinks = [...kept, ...repointed].map((match) => match.link.id)
          const all = [...usedLinks, ...gone.map((entry) => entry.id)]
          expect(new Set(all).size).toBe(all.length)
          const seen = [...kept, ...repointed].map((match) => match.erp.id)
          const matched = [...seen, ...fresh.map((entry) => entry.id)]
          expect(new Set(matched).size).toBe(matched.length)
        },
      ),
    )
  })
})
