import fc from "fast-check"
import { changesGallery } from "../gallery"
import { changesAnything, planImages } from "../plan-images"
import {
  contextOf,
  look,
  merchantImage,
  picture,
  Scene,
  scene,
  shown,
  urlOf,
} from "./image-fixtures"

const withGallery = (before: Scene, gallery: Partial<Scene["gallery"]>): Scene => ({
  ...before,
  gallery: { ...before.gallery, ...gallery },
})

/** As the merchant's form saves it: the image is gone, and the thumbnail with it. */
const withoutImage = (before: Scene, url: string): Scene =>
  withGallery(before, {
    images: before.gallery.images.filter((image) => image.url !== url),
    thumbnail: before.gallery.thumbnail === url ? null : before.gallery.thumbnail,
  })

describe("images that arrive", () => {
  it("stand in the ERP's order, the first one for the product", () => {
    const { after, fetched } = look(
      scene([picture("extra:3", "c", 4), picture("template", "a", 0)]),
    )
    expect(fetched).toEqual(["template", "extra:3"])
    expect(shown(after)).toEqual(["0 template-a", "1 extra:3-c"])
    expect(after.gallery.thumbnail).toBe(urlOf("template", "a"))
  })

  it("show their variant and stand for it", () => {
    const { after } = look(scene([picture("template", "a"), picture("variant:7", "b", 1, "7")]))
    expect(shown(after)).toEqual(["0 template-a", "1 variant:7-b variant_7"])
    expect(after.gallery.variants.map(({ thumbnail }) => thumbnail)).toEqual([
      urlOf("variant:7", "b"),
      null,
    ])
  })

  it("stand behind the merchant's own, and leave the merchant's thumbnail", () => {
    const own = merchantImage("https://shop/own.png", 2)
    const before = withGallery(scene([picture("template", "a")]), {
      images: [own],
      thumbnail: own.url,
    })
    const { after } = look(before)
    expect(shown(after)).toEqual(["2 https://shop/own.png", "3 template-a"])
    expect(after.gallery.thumbnail).toBe(own.url)
  })

  it("of a variant that is not linked yet are not taken for complete", () => {
    const { plan, after } = look(scene([picture("variant:9", "b", 0, "9")]))
    expect(shown(after)).toEqual(["0 variant:9-b"])
    expect(plan.complete).toBe(false)
  })

  it("are fetched once: an uploaded file that no commit showed is taken", () => {
    const before = scene([picture("template", "a")])
    const kept = {
      "image_file:f1": JSON.stringify({ key: "template", checksum: "a", url: "https://files/x" }),
    }
    const { fetched, after } = look({ ...before, link: { ...before.link, kept } })
    expect(fetched).toEqual([])
    expect(shown(after)).toEqual(["0 https://files/x".replace("https://files/", "")])
  })
})

describe("images that were agreed on", () => {
  const linked = look(scene([picture("template", "a"), picture("extra:3", "c", 1)])).after

  it("ask for nothing and move nothing while nothing changed", () => {
    const { plan, fetched } = look(linked)
    expect(fetched).toEqual([])
    expect(changesAnything(plan)).toBe(false)
    expect(plan.complete).toBe(true)
  })

  it("are replaced in their place when the ERP's picture changed, and the old file is let go", () => {
    const before = { ...linked, erp: [picture("template", "z"), picture("extra:3", "c", 1)] }
    const { after, plan, fetched } = look(before)
    expect(fetched).toEqual(["template"])
    expect(shown(after)).toEqual(["0 template-z", "1 extra:3-c"])
    expect(after.gallery.images[0]?.id).toBe(linked.gallery.images[0]?.id)
    expect(after.gallery.thumbnail).toBe(urlOf("template", "z"))
    expect(plan.unused.map(({ id }) => id)).toEqual(["template-a"])
  })

  it("stay until the ERP was asked for them by name, and go then", () => {
    const before = { ...linked, erp: [picture("extra:3", "c", 1)] }
    const plan = planImages(contextOf(before))
    expect(plan.suspects).toEqual(["template"])
    expect(plan.change.remove).toEqual([])
    const { after, plan: second } = look(before)
    expect(shown(after)).toEqual(["0 extra:3-c"])
    expect(after.gallery.thumbnail).toBe(urlOf("extra:3", "c"))
    expect(second.unused.map(({ id }) => id)).toEqual(["template-a"])
  })

  it("follow the ERP's order while nobody moved them", () => {
    const erp = [picture("template", "a", 1), picture("extra:3", "c", 0)]
    const { after } = look({ ...linked, erp })
    expect(shown(after)).toEqual(["0 extra:3-c", "1 template-a"])
    expect(after.gallery.thumbnail).toBe(urlOf("extra:3", "c"))
  })

  it("keep the merchant's order and thumbnail", () => {
    const [first, second] = linked.gallery.images
    const images = [
      { ...first, rank: 1 },
      { ...second, rank: 0 },
    ] as Scene["gallery"]["images"]
    const moved = withGallery(linked, { images, thumbnail: urlOf("extra:3", "c") })
    const erp = [
      picture("template", "a", 1),
      picture("extra:3", "c", 0),
      picture("extra:4", "d", 2),
    ]
    const { after } = look({ ...moved, erp })
    expect(shown(after)).toEqual(["0 extra:3-c", "1 template-a", "2 extra:4-d"])
    expect(after.gallery.thumbnail).toBe(urlOf("extra:3", "c"))
  })

  it("keep the merchant's own image beside them when they change or go", () => {
    const own = merchantImage("https://shop/own.png", 5)
    const before = withGallery(linked, { images: [...linked.gallery.images, own] })
    expect(shown(look({ ...before, erp: [] }).after)).toEqual(["5 https://shop/own.png"])
  })

  it("take a thumbnail that the merchant chose among them along with its picture", () => {
    const chosen = withGallery(linked, { thumbnail: urlOf("extra:3", "c") })
    const erp = [picture("template", "a"), picture("extra:3", "y", 1)]
    const { after } = look({ ...chosen, erp })
    expect(after.gallery.thumbnail).toBe(urlOf("extra:3", "y"))
    expect(look({ ...after, erp: [picture("template", "a")] }).after.gallery.thumbnail).toBe(
      urlOf("template", "a"),
    )
  })

  it("leave a thumbnail that the merchant cleared", () => {
    const cleared = withGallery(linked, { thumbnail: null })
    const { after } = look({ ...cleared, erp: [picture("template", "z"), ...linked.erp.slice(1)] })
    expect(after.gallery.thumbnail).toBeNull()
  })

  it("lose the variant that the ERP takes away, unless the merchant did before", () => {
    const first = look(scene([picture("extra:3", "c", 0, "7", "8")])).after
    const [image] = first.gallery.images
    const images = image ? [{ ...image, variant_ids: image.variant_ids.slice(0, 1) }] : []
    const kept = look(withGallery(first, { images })).after
    expect(shown(kept)).toEqual(["0 extra:3-c variant_7"])
    const { after } = look({ ...kept, erp: [picture("extra:3", "c", 0)] })
    expect(shown(after)).toEqual(["0 extra:3-c"])
    expect(after.gallery.variants.map(({ thumbnail }) => thumbnail)).toEqual([null, null])
  })
})

describe("an image that the merchant took away", () => {
  const taken = (changes: Parameters<typeof scene>[1]): Scene =>
    withoutImage(look(scene([picture("template", "a")], changes)).after, urlOf("template", "a"))
  const changed = (before: Scene): Scene => ({ ...before, erp: [picture("template", "z")] })

  it.each([
    ["the ERP's own, enforced", {}, ["0 template-a"], ["0 template-z"]],
    ["the ERP's own, reported", { foreign_edits: "report" as const }, [], ["0 template-z"]],
    ["of both", { owners: { images: "both" as const } }, [], ["0 template-z"]],
    [
      "of both, where Medusa wins conflicts",
      { owners: { images: "both" as const }, conflicts: "medusa" as const },
      [],
      [],
    ],
  ])("is %s: what stands after a look, and after the ERP's change", (_case, rules, back, anew) => {
    const before = taken(rules)
    const first = look(before)
    expect(first.fetched).toEqual([])
    expect(shown(first.after)).toEqual(back)
    expect(shown(look(changed(before)).after)).toEqual(anew)
  })

  it("is forgotten when the ERP has it no more", () => {
    const before = taken({ foreign_edits: "report" })
    const { after, plan } = look({ ...before, erp: [] })
    expect(shown(after)).toEqual([])
    expect(plan.unused.map(({ id }) => id)).toEqual(["template-a"])
  })
})

it("leaves a store that owns its images alone", () => {
  const { plan, fetched } = look(
    scene([picture("template", "a")], { owners: { images: "medusa" } }),
  )
  expect(fetched).toEqual([])
  expect(changesGallery(plan.change)).toBe(false)
})

describe("a plan of images", () => {
  it("has nothing left to do once it was carried out, whatever both sides did in between", () => {
    const erp = fc
      .uniqueArray(
        fc.record({
          key: fc.constantFrom("template", "extra:1", "extra:2", "variant:7"),
          checksum: fc.constantFrom("a", "b"),
          rank: fc.nat({ max: 3 }),
          variants: fc.subarray(["7", "8"]),
        }),
        { selector: ({ key }) => key },
      )
      .map((list) => list.map((one) => picture(one.key, one.checksum, one.rank, ...one.variants)))
    const edits = fc.record({
      drop: fc.subarray([0, 1, 2]),
      reverse: fc.boolean(),
      own: fc.boolean(),
      thumbnail: fc.constantFrom("keep", "clear", "first" as const),
      owner: fc.constantFrom("erp", "both" as const),
    })
    fc.assert(
      fc.property(erp, edits, erp, (first, edit, second) => {
        const linked = look(scene(first, { owners: { images: edit.owner } })).after
        const images = linked.gallery.images
          .filter((_, at) => !edit.drop.includes(at))
          .map((image, at, all) => (edit.reverse ? { ...image, rank: all.length - at } : image))
        const own = edit.own ? [merchantImage("https://shop/own.png", 9)] : []
        const thumbnail = {
          keep: linked.gallery.thumbnail,
          clear: null,
          first: images[0]?.url ?? null,
        }[edit.thumbnail]
        const edited = withGallery(linked, { images: [...images, ...own], thumbnail })
        const { after } = look({ ...edited, erp: second })
        const again = look(after)
        expect(changesAnything(again.plan)).toBe(false)
        expect(again.fetched).toEqual([])
        expect(after.gallery.images.filter(({ url }) => url.includes("own.png"))).toEqual(own)
        const urls = after.gallery.images.map(({ url }) => url)
        expect(new Set(urls).size).toBe(urls.length)
      }),
    )
  })
})
