import { createHash } from "node:crypto"
import { readdirSync } from "node:fs"
import { updateProductsWorkflow } from "@medusajs/medusa/core-flows"
import { Modules } from "@medusajs/framework/utils"
import { readGalleries } from "../../src/catalog/read-galleries"
import { MedusaGallery } from "../../src/sync/gallery"
import { SyncError } from "../../src/sync/errors"
import { colouredPng } from "../erp/odoo"
import { eventsOf, given, isPublic, rows } from "./catalog-fixtures"
import { journalOf, linkOf, parkedOf, variantOf } from "./sync-readings"
import { addLine, makeAttribute, makeProduct, onlyVariant, variantsOf } from "./sync-shop"
import { FILES, OpenStage, runWell, settle, Stage } from "./sync-stage"

const TEMPLATE = "product.template"
const VARIANT = "product.product"
const RED = colouredPng(255, 0, 0)
const BLUE = colouredPng(0, 0, 255)
const GREEN = colouredPng(0, 255, 0)

export const imageTests = (open: OpenStage): void => {
  it("brings a picture byte by byte, and lets it stand for the product", async () => {
    const stage = await open()
    const lamp = makeProduct(stage, { image_1920: RED })
    const bare = makeProduct(stage)
    await runWell(stage, "full")
    const { images, thumbnail } = await galleryOf(stage, lamp)
    expect(images).toMatchObject([{ rank: 0, variant_ids: [] }])
    expect(thumbnail).toBe(given(images[0]).url)
    expect(thumbnail).toMatch(/lamp-\d+-template-[0-9a-f]{8}\.png$/)
    expect(await bytesOf(stage, lamp)).toEqual([RED])
    expect(await galleryOf(stage, bare)).toMatchObject({ images: [], thumbnail: null })
  })

  it("shows a variant its own picture", async () => {
    const stage = await open()
    const { chair, red, blue } = await chairOf(stage)
    stage.world.write(TEMPLATE, chair, { image_1920: GREEN })
    stage.world.write(VARIANT, blue, { image_variant_1920: BLUE })
    await runWell(stage, "full")
    const { id } = await variantOf(stage, blue)
    const { images, variants } = await galleryOf(stage, chair)
    expect(images.map(({ rank, variant_ids }) => [rank, variant_ids])).toEqual([
      [0, []],
      [1, [id]],
    ])
    expect(await bytesOf(stage, chair)).toEqual([GREEN, BLUE])
    const thumbnails = new Map(variants.map((variant) => [variant.id, variant.thumbnail]))
    expect(thumbnails.get(id)).toBe(images[1]?.url)
    expect(thumbnails.get((await variantOf(stage, red)).id)).toBeNull()
  })

  it("transfers, uploads, writes and tells nothing when nothing changed", async () => {
    const stage = await open()
    const lamp = makeProduct(stage, { image_1920: RED })
    await runWell(stage, "full")
    const link = await linkOf(stage, "product", lamp)
    stage.world.write(TEMPLATE, lamp, { description: "<p>Touched</p>" })
    stage.erp.requests.reset()
    const files = uploaded()
    const events = await eventsOf(stage, async () => {
      for (const kind of ["full", "delta"] as const) {
        const { counters } = await runWell(stage, kind, ["images"])
        expect(counters).toMatchObject({ read: 1, unchanged: 1, writes: 0, events: 0, updated: 0 })
      }
      await settle(stage)
    })
    expect(events.filter(({ name }) => !name.startsWith("erp."))).toEqual([])
    expect(transfers(stage)).toBe(0)
    expect(uploaded()).toEqual(files)
    expect((await linkOf(stage, "product", lamp)).stock_seq).toBe(link.stock_seq)
  })

  it("replaces a changed picture once, in its place, and deletes the old file", async () => {
    const stage = await open()
    const lamp = makeProduct(stage, { image_1920: RED })
    await runWell(stage, "full")
    const before = await galleryOf(stage, lamp)
    stage.world.write(TEMPLATE, lamp, { image_1920: BLUE })
    stage.erp.requests.reset()
    const events = await eventsOf(stage, () => runWell(stage, "delta", ["images"]))
    const after = await galleryOf(stage, lamp)
    expect(transfers(stage)).toBe(1)
    expect(await bytesOf(stage, lamp)).toEqual([BLUE])
    expect(after.images.map(({ id }) => id)).toEqual(before.images.map(({ id }) => id))
    expect(after.thumbnail).toBe(after.images[0]?.url)
    expect(events.filter(isPublic).filter(({ name }) => !name.startsWith("erp."))).toMatchObject([
      { name: "product.updated", data: { id: after.id } },
    ])
    expect(uploaded()).not.toContain(nameIn(given(before.thumbnail)))
    expect(uploaded()).toContain(nameIn(given(after.thumbnail)))
    expect(await journalOf(stage, "product", lamp, "image:template")).toMatchObject([
      { rule: "erp_changed", from: null },
      { rule: "erp_changed", from: before.thumbnail, to: after.thumbnail },
    ])
  })

  it("takes away what the ERP has no more, with its file, and nothing of the merchant's", async () => {
    const stage = await open()
    const lamp = makeProduct(stage, { image_1920: RED })
    await runWell(stage, "full")
    const { id, thumbnail, images } = await galleryOf(stage, lamp)
    const own = { url: "https://shop.test/own.png" }
    await saveImages(stage, id, [...images.map(({ url, id: image }) => ({ url, id: image })), own])
    stage.world.write(TEMPLATE, lamp, { image_1920: false })
    await runWell(stage, "full")
    const after = await galleryOf(stage, lamp)
    expect(after.images.map(({ url }) => url)).toEqual([own.url])
    expect(after.thumbnail).toBeNull()
    expect(uploaded()).not.toContain(nameIn(given(thumbnail)))
  })

  it("takes nothing away that a listing left out and the ERP has all the same", async () => {
    const stage = await open()
    const lamp = makeProduct(stage, { image_1920: RED })
    await runWell(stage, "full")
    stage.erp.faults.add({
      kind: "mutate",
      match: "ir.attachment.web_search_read",
      times: 1000,
      change: () => ({ length: 0, records: [] }),
    })
    await runWell(stage, "full", ["images"])
    expect((await galleryOf(stage, lamp)).images).toHaveLength(1)
    stage.erp.faults.clear()
    await settle(stage)
    expect((await galleryOf(stage, lamp)).images).toHaveLength(1)
  })

  it("keeps the merchant's own image, order and thumbnail when the ERP's picture changes", async () => {
    const stage = await open()
    const { chair, blue } = await chairOf(stage)
    stage.world.write(TEMPLATE, chair, { image_1920: RED })
    stage.world.write(VARIANT, blue, { image_variant_1920: BLUE })
    await runWell(stage, "full")
    const { id, images } = await galleryOf(stage, chair)
    const own = { url: "https://shop.test/own.png" }
    const saved = [own, ...images.toReversed().map(({ id: image, url }) => ({ id: image, url }))]
    await saveImages(stage, id, saved, own.url)
    const merchants = await galleryOf(stage, chair)
    expect(merchants.images.map(({ url }) => url)).toEqual(saved.map(({ url }) => url))

    stage.world.write(TEMPLATE, chair, { image_1920: GREEN })
    await runWell(stage, "full")
    const after = await galleryOf(stage, chair)
    expect(after.thumbnail).toBe(own.url)
    expect(after.images.map((image) => [image.id, image.rank])).toEqual(
      merchants.images.map((image) => [image.id, image.rank]),
    )
    expect(after.images[2]?.url).not.toBe(merchants.images[2]?.url)
    expect(after.images.slice(0, 2)).toEqual(merchants.images.slice(0, 2))
  })

  it.each([
    ["brings back", {}, 1],
    ["leaves away, where edits are only reported,", { foreign_edits: "report" as const }, 0],
    ["leaves away, where both decide,", { owners: { images: "both" as const } }, 0],
  ])("%s what the merchant took away", async (_does, options, stands) => {
    const stage = await open({ options })
    const lamp = makeProduct(stage, { image_1920: RED })
    await runWell(stage, "full")
    const { id } = await galleryOf(stage, lamp)
    await saveImages(stage, id, [])
    stage.erp.requests.reset()
    await runWell(stage, "full")
    await settle(stage)
    expect(transfers(stage)).toBe(0)
    expect((await galleryOf(stage, lamp)).images).toHaveLength(stands)
    stage.world.write(TEMPLATE, lamp, { image_1920: BLUE })
    await runWell(stage, "delta")
    expect(await bytesOf(stage, lamp)).toEqual([BLUE])
  })

  it("parks a picture that is none, by its name, and brings the others", async () => {
    const stage = await open({ options: { images: { max_bytes: 60 } } })
    const { chair, blue } = await chairOf(stage)
    stage.world.write(TEMPLATE, chair, { image_1920: small("89504e470d0a1a0a") })
    stage.world.write(VARIANT, blue, { image_variant_1920: small("89504e4700000000") })
    const large = makeProduct(stage, { image_1920: RED })
    await runWell(stage, "full")
    expect(
      (await parkedOf(stage)).map((row) => [row.erp_id, row.field, row.reason]).sort(),
    ).toEqual(
      [
        [String(chair), `image:variant:${blue}`, "broken_image"],
        [String(large), "image:template", "image_too_large"],
      ].sort(),
    )
    expect((await galleryOf(stage, chair)).images).toHaveLength(1)
    stage.world.write(VARIANT, blue, { image_variant_1920: small("ffd8ff") })
    stage.world.write(TEMPLATE, large, { image_1920: false })
    await runWell(stage, "delta")
    expect(await parkedOf(stage)).toEqual([])
    expect((await galleryOf(stage, chair)).images).toHaveLength(2)
  })

  it("is not held up by one picture that cannot be read", async () => {
    const stage = await open()
    const lamps = [RED, BLUE, GREEN].map((image) => makeProduct(stage, { image_1920: image }))
    stage.erp.faults.add({ kind: "status", status: 503, match: `${TEMPLATE}.read`, times: 1 })
    await runWell(stage, "full")
    const shown = async () =>
      (await Promise.all(lamps.map((lamp) => galleryOf(stage, lamp)))).map(
        ({ images }) => images.length,
      )
    expect((await shown()).sort()).toEqual([0, 1, 1])
    await settle(stage)
    expect(await shown()).toEqual([1, 1, 1])
  })

  it("neither transfers nor uploads again after a crash between upload and commit", async () => {
    const stage = await open()
    const lamp = makeProduct(stage, { image_1920: RED })
    const images = given(stage.runtime.context.images)
    const { writeGalleries } = images
    images.writeGalleries = (tx, writes) => {
      if (writes.length === 0) return writeGalleries(tx, writes)
      throw new SyncError({ kind: "transient", code: "crash", message: "crash", remedy: "" })
    }
    await runWell(stage, "full")
    images.writeGalleries = writeGalleries
    expect((await galleryOf(stage, lamp)).images).toEqual([])
    expect(transfers(stage)).toBe(1)
    const files = uploaded()
    await settle(stage)
    expect(await bytesOf(stage, lamp)).toEqual([RED])
    expect(transfers(stage)).toBe(1)
    expect(uploaded()).toEqual(files)
  })

  it("plans anew when the merchant saves the images in the meantime", async () => {
    const stage = await open()
    const lamp = makeProduct(stage, { image_1920: RED })
    const images = given(stage.runtime.context.images)
    const { upload } = images
    const own = { url: "https://shop.test/own.png" }
    images.upload = async (file) => {
      images.upload = upload
      const { id } = await galleryOf(stage, lamp)
      await saveImages(stage, id, [own], own.url)
      return upload(file)
    }
    await runWell(stage, "full")
    await settle(stage)
    const after = await galleryOf(stage, lamp)
    expect(after.images.map(({ rank }) => rank)).toEqual([0, 1])
    expect(after.images[0]?.url).toBe(own.url)
    expect(after.thumbnail).toBe(own.url)
  })

  it("leaves them alone where the options say so", async () => {
    const stage = await open({ options: { images: false } })
    const lamp = makeProduct(stage, { image_1920: RED })
    await runWell(stage, "full")
    // The connection's check asks what could be read.
    stage.erp.requests.reset()
    await runWell(stage, "full")
    await runWell(stage, "delta")
    expect((await galleryOf(stage, lamp)).images).toEqual([])
    expect(stage.erp.requests.count(/^ir\.attachment/)).toBe(0)
    expect(await rows(stage, "select 1 from erp_dirty where stream = 'images'")).toEqual([])
  })

  it("comes to rest when a variant with an image is archived", async () => {
    const stage = await open()
    const lamp = makeProduct(stage, { image_1920: RED })
    addLine(stage, lamp, makeAttribute(stage, "Size", ["S", "M"]))
    const [first = 0] = variantsOf(stage, lamp)
    stage.world.write("product.product", first, { image_variant_1920: RED })
    await runWell(stage, "full")
    await settle(stage)
    expect((await galleryOf(stage, lamp)).images).toHaveLength(2)
    stage.world.write("product.product", first, { active: false })
    await runWell(stage, "delta")
    await settle(stage)
    expect((await galleryOf(stage, lamp)).images).toHaveLength(1)
  })

  it("says nothing to the images of a product that is gone or unlinked", async () => {
    const stage = await open()
    const [gone, apart] = [
      makeProduct(stage, { image_1920: RED }),
      makeProduct(stage, { image_1920: RED }),
    ]
    await runWell(stage, "full")
    stage.world.archive(TEMPLATE, gone)
    await runWell(stage, "delta")
    await stage.sync.endLink((await linkOf(stage, "product", apart)).id, "unlinked")
    const before = stage.erp.requests.count(`${TEMPLATE}.read`)
    const medusa = await rows<{ id: string }>(stage, "select id from product order by id")
    for (const id of [gone, apart]) stage.world.write(TEMPLATE, id, { image_1920: BLUE })
    await runWell(stage, "full")
    expect(stage.erp.requests.count(`${TEMPLATE}.read`)).toBe(before)
    const galleries = await readGalleries(stage.knex, medusa.map(({ id }) => id) as never)
    expect([...galleries.values()].map(({ images }) => images.length)).toEqual([1, 1])
    expect(onlyVariant(stage, gone)).toBeGreaterThan(0)
  })
}

const chairOf = async (stage: Stage): Promise<{ chair: number; red: number; blue: number }> => {
  const chair = makeProduct(stage)
  addLine(stage, chair, makeAttribute(stage, `Colour ${chair}`, ["Red", "Blue"]))
  const [red, blue] = variantsOf(stage, chair)
  return { chair, red: given(red), blue: given(blue) }
}

const galleryOf = async (stage: Stage, template: number): Promise<MedusaGallery> => {
  const { medusa_id } = await linkOf(stage, "product", template)
  return given((await readGalleries(stage.knex, [medusa_id])).get(medusa_id))
}

/** What the store's files hold, in base64, in the order of the gallery. */
const bytesOf = async (stage: Stage, template: number): Promise<string[]> => {
  const files = stage.container.resolve(Modules.FILE)
  const { images } = await galleryOf(stage, template)
  return Promise.all(
    images.map(async ({ url }) => (await files.getAsBuffer(nameIn(url))).toString("base64")),
  )
}

const nameIn = (url: string): string =>
  decodeURIComponent(new URL(url).pathname.split("/").at(-1) ?? "")

const uploaded = (): string[] => readdirSync(FILES).sort()

const transfers = ({ erp }: Stage): number =>
  erp.requests.count(/^product\.(template|product|image)\.read$/)

/** What the admin's form of a product's media saves. */
const saveImages = async (
  stage: Stage,
  id: string,
  images: { id?: string; url: string }[],
  thumbnail?: string,
): Promise<void> => {
  await updateProductsWorkflow(stage.container).run({
    input: { selector: { id }, update: { images, ...(thumbnail ? { thumbnail } : {}) } },
  })
}

/** A file of a few bytes that begins like this. */
const small = (head: string): string =>
  Buffer.concat([Buffer.from(head, "hex"), createHash("sha1").update(head).digest()]).toString(
    "base64",
  )
