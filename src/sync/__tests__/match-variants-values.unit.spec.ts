import { withDefaultOption } from "../default-option"
import { matchVariants } from "../match-variants"
import { product, variant, variantLink } from "./fixtures"

const pairs = (...args: Parameters<typeof matchVariants>): string[][] =>
  matchVariants(...args).repointed.map(({ link, erp }) => [link.erp_id, erp.id])

describe("variants that are re-pointed by what remained of their values", () => {
  it("are not, as long as the options are the same", () => {
    const erp = product({ 1: ["10", "11"] }, [variant("x", ["1:11"])])
    expect(pairs(erp, [variantLink("a", "1:10")])).toEqual([])
  })

  it("are not, where one has more values than the product has options", () => {
    const erp = product({ 12: ["10"] }, [variant("x", ["12:10", "9:90"])])
    expect(pairs(erp, [variantLink("a", "12:10")])).toEqual([])
  })

  it("are not, where nothing remained to tell them by, and no option changed", () => {
    const simple = withDefaultOption(product({}, [variant("x", [])]))
    const speechless = variantLink("b", "", { match_key: null })
    expect(pairs(simple, [variantLink("a", ""), speechless])).toEqual([])
    const former = variantLink("c", "default:default", { state: "tombstone" })
    expect(pairs(simple, [variantLink("a", ""), former])).toEqual([])
  })

  it("are, where one option took the place of another", () => {
    const erp = product({ 1: ["10", "11"], 3: ["30"] }, [
      variant("x", ["1:10", "3:30"]),
      variant("y", ["1:11", "3:30"]),
    ])
    expect(pairs(erp, [variantLink("a", "1:10,2:20"), variantLink("b", "1:11,2:20")])).toEqual([
      ["a", "x"],
      ["b", "y"],
    ])
  })

  it("are, where an option was taken away", () => {
    const erp = product({ 1: ["10", "11"] }, [variant("x", ["1:10"]), variant("y", ["1:11"])])
    expect(pairs(erp, [variantLink("a", "1:10,2:20"), variantLink("b", "1:11,2:21")])).toEqual([
      ["a", "x"],
      ["b", "y"],
    ])
  })

  it("are in both ways at once: first by all values, then the others by those that remained", () => {
    const erp = product({ 1: ["10", "11"], 2: ["20"] }, [
      variant("x", ["1:10"]),
      variant("y", ["1:11", "2:20"]),
    ])
    expect(pairs(erp, [variantLink("a", "1:10"), variantLink("b", "1:11")])).toEqual([
      ["a", "x"],
      ["b", "y"],
    ])
  })

  it("take no variant twice", () => {
    const erp = product({ 1: ["10"], 2: ["20"] }, [variant("x", ["1:10"])])
    expect(pairs(erp, [variantLink("a", "1:10"), variantLink("b", "1:10,3:30")])).toEqual([
      ["a", "x"],
    ])
  })

  it("give no link away twice", () => {
    const erp = product({ 1: ["10"], 2: ["20"] }, [
      variant("x", ["1:10"]),
      variant("y", ["1:10", "2:20"]),
    ])
    expect(pairs(erp, [variantLink("a", "1:10")])).toEqual([["a", "x"]])
  })

  it("are not where a link says nothing of its values", () => {
    const erp = product({ 1: ["10"] }, [variant("x", ["1:10"])])
    expect(pairs(erp, [variantLink("a", "", { match_key: null })])).toEqual([])
    const bare = withDefaultOption(product({}, [variant("x", [])]))
    expect(pairs(bare, [variantLink("a", "", { match_key: null })])).toEqual([])
  })

  it("count the default option for none", () => {
    const simple = withDefaultOption(product({}, [variant("x", [])]))
    expect(pairs(simple, [variantLink("a", "default:default")])).toEqual([["a", "x"]])
    expect(pairs(simple, [variantLink("a", "1:10")])).toEqual([["a", "x"]])
    const two = [variantLink("a", "1:10"), variantLink("b", "1:11")]
    expect(pairs(simple, two)).toEqual([])
  })

  it("are never archived ones", () => {
    const erp = product({ 1: ["10"] }, [variant("x", ["1:10"], { active: false })])
    expect(matchVariants(erp, [variantLink("a", "1:10")])).toMatchObject({
      kept: [],
      repointed: [],
      fresh: [],
      gone: [{ erp_id: "a" }],
    })
  })
})
