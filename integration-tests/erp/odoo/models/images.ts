import { createHash } from "node:crypto"
import { userError } from "../orm/errors"
import type { Env } from "../orm/env"
import { binary, type FieldDraft } from "../orm/fields"
import { createRecords, patchRow, plainUnlink } from "../orm/records"
import type { Row, Value } from "../orm/values"

const ATTACHMENT = "ir.attachment"
const SIZES = [1920, 1024, 512, 256, 128]

const SIGNATURES: ReadonlyArray<readonly [string, string]> = [
  ["89504e47", "image/png"],
  ["ffd8ff", "image/jpeg"],
  ["47494638", "image/gif"],
  ["52494646", "image/webp"],
]

function imageKey(model: string, id: number, field: string): string {
  return `${model}:${id}:${field}`
}

function findImages(env: Env, model: string, id: number, field: string): readonly number[] {
  return env.table(ATTACHMENT).find("image_key", imageKey(model, id, field))
}

function decode(content: string): { bytes: Buffer; mimetype: string } {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(content)) {
    throw userError("Image is not encoded in base64.")
  }
  const bytes = Buffer.from(content, "base64")
  const head = bytes.subarray(0, 4).toString("hex")
  const mimetype = SIGNATURES.find(([signature]) => head.startsWith(signature))?.[1]
  if (mimetype === undefined) throw userError("This file could not be decoded as an image file.")
  return { bytes, mimetype }
}

/** The content of an image field, base64, or `false`. */
export function readImage(env: Env, model: string, id: number, field: string): Value {
  const [attachment] = findImages(env, model, id, field)
  return attachment === undefined ? false : (env.row(ATTACHMENT, attachment)?.["datas"] ?? false)
}

/**
 * Stores an image. Copies: it lives in five attachments (the image and four smaller ones), writing
 * the same image again stamps them again, and an empty value deletes them. The sizes are not scaled.
 */
export function writeImage(env: Env, model: string, id: number, prefix: string, value: Value) {
  if (typeof value !== "string" || value === "") {
    for (const size of SIZES) {
      const ids = [...findImages(env, model, id, `${prefix}${size}`)]
      plainUnlink(env, env.model(ATTACHMENT), ids)
    }
    return
  }
  const { bytes, mimetype } = decode(value)
  const content = {
    datas: value,
    checksum: createHash("sha1").update(bytes).digest("hex"),
    file_size: bytes.length,
    mimetype,
  }
  for (const size of SIZES) {
    const field = `${prefix}${size}`
    const [existing] = findImages(env, model, id, field)
    if (existing !== undefined) patchRow(env, ATTACHMENT, existing, content)
    else {
      createRecords(env, env.model(ATTACHMENT), [
        {
          ...content,
          name: field,
          res_model: model,
          res_id: id,
          res_field: field,
          image_key: imageKey(model, id, field),
        },
      ])
    }
  }
}

/** Attachments go with their record. */
export function dropImages(env: Env, model: string, id: number): void {
  writeImage(env, model, id, "image_", false)
  writeImage(env, model, id, "image_variant_", false)
}

const TEMPLATE = "product.template"
const VARIANT = "product.product"

export function templateImages(): FieldDraft[] {
  return SIZES.map((size) =>
    binary(`image_${size}`, size === 1920 ? "Image" : `Image ${size}`, {
      store: true,
      readonly: size !== 1920,
      compute: (env, row) => readImage(env, TEMPLATE, row.id, `image_${size}`),
      inverse: (env, id, value) => writeImage(env, TEMPLATE, id, "image_", value),
    }),
  )
}

function activeSiblings(env: Env, templateId: number): number {
  const table = env.table(VARIANT)
  return table
    .find("product_tmpl_id", templateId)
    .filter((id) => table.get(id)?.["active"] === true).length
}

/**
 * Writing `image_1920` of a variant. Copies: the image goes to the template when that has none or has
 * only this variant, else it becomes the variant's own.
 */
function writeVariantImage(env: Env, id: number, value: Value): void {
  const template = Number(env.row(VARIANT, id)?.["product_tmpl_id"] ?? 0)
  const templateHas = readImage(env, TEMPLATE, template, "image_1920") !== false
  const own = readImage(env, VARIANT, id, "image_variant_1920") !== false
  const toTemplate =
    (value === false && !own) ||
    (value !== false && !templateHas) ||
    activeSiblings(env, template) <= 1
  writeImage(env, VARIANT, id, "image_variant_", toTemplate ? false : value)
  if (toTemplate) writeImage(env, TEMPLATE, template, "image_", value)
}

export function variantImages(): FieldDraft[] {
  return SIZES.flatMap((size) => [
    binary(`image_variant_${size}`, `Variant Image ${size}`, {
      store: true,
      readonly: size !== 1920,
      compute: (env, row) => readImage(env, VARIANT, row.id, `image_variant_${size}`),
      inverse: (env, id, value) => writeImage(env, VARIANT, id, "image_variant_", value),
    }),
    binary(`image_${size}`, size === 1920 ? "Image" : `Image ${size}`, {
      store: false,
      readonly: size !== 1920,
      searchable: false,
      compute: (env, row) => variantImage(env, row, size),
      inverse: writeVariantImage,
    }),
  ])
}

/** A variant without its own image shows the template's. */
function variantImage(env: Env, row: Row, size: number): Value {
  const own = readImage(env, VARIANT, row.id, `image_variant_${size}`)
  if (own !== false) return own
  const template = Number(row["product_tmpl_id"])
  return readImage(env, TEMPLATE, template, `image_${size}`)
}
