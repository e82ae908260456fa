import { Attachments, attachmentKey } from "../images/attachments"
import { mapImages, recordsIn } from "../images/map-images"
import { imageKey, placeOf } from "../images/places"
import { readImage } from "../images/read-image"
import { Row } from "../rows"
import type { OdooSession } from "../session"
import { erpId } from "../../../sync/ids"

const extra = (id: number, sequence: number) => ({ id, sequence })
const variant = (id: number, active = true, ...own: object[]) => ({
  id,
  active,
  product_variant_image_ids: own,
})

const product = (changes: object = {}): Row => ({
  id: 5,
  active: true,
  product_template_image_ids: [extra(31, 20), extra(32, 10), extra(30, 20)],
  product_variant_ids: [variant(9, true, extra(40, 1)), variant(8), variant(7, false)],
  ...changes,
})

const everything: Attachments = new Map(
  [
    ["product.template", 5],
    ["product.product", 7],
    ["product.product", 8],
    ["product.product", 9],
    ["product.image", 30],
    ["product.image", 31],
    ["product.image", 32],
    ["product.image", 40],
  ].map(([model, id]) => [
    attachmentKey(model, Number(id)),
    { checksum: `sum-${String(id)}`, size: Number(id) },
  ]),
)

const keysOf = (row: Row, attachments = everything): [string, number, string[]][] =>
  (mapImages(row, attachments).record?.images ?? []).map(({ key, rank, variant_ids }) => [
    key,
    rank,
    variant_ids,
  ])

describe("images of an Odoo product", () => {
  it("come in the order of its shop: its own, the further ones, then the variants'", () => {
    expect(keysOf(product())).toEqual([
      ["template", 0, []],
      ["extra:32", 1, []],
      ["extra:30", 2, []],
      ["extra:31", 3, []],
      ["variant:8", 4, ["8"]],
      ["variant:9", 5, ["9"]],
      ["extra:40", 6, ["9"]],
    ])
  })

  it("carry the attachment's checksum and size", () => {
    expect(mapImages(product(), everything).record?.images[0]).toEqual({
      key: "template",
      rank: 0,
      variant_ids: [],
      checksum: "sum-5",
      size: 5,
    })
  })

  it("are those that are stored, whatever fields there are", () => {
    const stored: Attachments = new Map([["product.product/8", { checksum: "a", size: null }]])
    expect(keysOf(product(), stored)).toEqual([["variant:8", 4, ["8"]]])
    const bare = { id: 5, active: true, product_variant_ids: [{ id: 8, active: true }] }
    expect(keysOf(bare)).toEqual([
      ["template", 0, []],
      ["variant:8", 1, ["8"]],
    ])
  })

  it("of an archived product stay, its variants' too", () => {
    const variants = [variant(7, false), variant(8, false)]
    const row = product({ active: false, product_variant_ids: variants })
    expect(keysOf(row).map(([key]) => key)).toContain("variant:7")
  })

  it("are asked for by the records that may hold them", () => {
    expect([...recordsIn([product()])]).toEqual([
      ["template", [5]],
      ["extra", [32, 30, 31, 40]],
      ["variant", [8, 9]],
    ])
  })
})

describe("the key of an image", () => {
  it("leads back to the record's field", () => {
    expect(placeOf(5, imageKey("template", 5))).toEqual({
      model: "product.template",
      field: "image_1920",
      id: 5,
    })
    expect(placeOf(5, imageKey("variant", 9))).toEqual({
      model: "product.product",
      field: "image_variant_1920",
      id: 9,
    })
    expect(placeOf(5, imageKey("extra", 3))).toMatchObject({ model: "product.image", id: 3 })
  })

  it.each(["variant", "variant:", "variant:x", "banner:1", "", "variant:1:2"])(
    "%p is none of ours",
    (key) => expect(placeOf(5, key)).toBeNull(),
  )
})

describe("a picture that is asked for by name", () => {
  const picture = Buffer.from("picture").toString("base64")
  const asked: string[] = []

  /** An Odoo in which the variant 9 and the product 5 are active or not, with one further image. */
  const answering = (active: { variant: boolean; product: boolean }) => {
    const rows: Record<string, object> = {
      "product.template": { id: 5, active: active.product, image_1920: picture },
      "product.product": { id: 9, active: active.variant, image_variant_1920: picture },
      "product.image": { id: 40, image_1920: picture, product_variant_id: [9, "Lamp (Red)"] },
    }
    const call = ({ model }: { model: string }) => {
      asked.push(model)
      return Promise.resolve({ value: [rows[model]] })
    }
    return { call } as unknown as OdooSession
  }

  it.each(["variant:9", "extra:40"])(
    "is gone with its variant (%s), as the listing says",
    async (key) => {
      const read = (active: { variant: boolean; product: boolean }) =>
        readImage(answering(active), erpId(5), key, {})
      expect(await read({ variant: true, product: true })).not.toBeNull()
      expect(await read({ variant: false, product: true })).toBeNull()
      // Of an archived product everything is kept.
      expect(await read({ variant: false, product: false })).not.toBeNull()
    },
  )

  it("costs one request where it is the product's or its variant's own", async () => {
    const session = answering({ variant: true, product: true })
    for (const key of ["template", "variant:9"]) {
      asked.length = 0
      await readImage(session, erpId(5), key, {})
      expect(asked).toHaveLength(1)
    }
  })
})
