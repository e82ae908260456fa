import { ErpId } from "./ids"
import { FieldValue, Link } from "./values"

/**
 * How a product's link remembers its images. The bases tie (key, checksum) of the ERP to the url in
 * Medusa, and say where rank, assignment and thumbnail stood when both sides last agreed; `kept` knows
 * the files that this connection uploaded, so that none is uploaded twice or left behind.
 */
export interface ImageBase {
  checksum: string
  url: string
}

/** A file of ours at the store's file provider. */
export interface UploadedFile {
  id: string
  key: string
  checksum: string
  url: string
}

export const imageField = (key: string): string => `image:${key}`
export const rankField = (key: string): string => `image_rank:${key}`
export const assignmentField = (key: string, variant: ErpId): string =>
  `image_variant:${key}/${variant}`
export const variantThumbnailField = (variant: ErpId): string => `variant_thumbnail:${variant}`
export const THUMBNAIL = "thumbnail"

const FILE = "image_file:"
export const fileName = (id: string): string => `${FILE}${id}`

type Bases = Pick<Link, "base_erp" | "base_medusa">

/** What was agreed on for a place; null: nothing, or that there is none. */
export const imageBase = ({ base_erp, base_medusa }: Bases, key: string): ImageBase | null => {
  const checksum = base_erp[imageField(key)]
  const url = base_medusa[imageField(key)]
  return typeof checksum === "string" && typeof url === "string" ? { checksum, url } : null
}

/** Every place that an image was agreed on for. */
export const knownKeys = ({ base_erp }: Bases): string[] =>
  Object.entries(base_erp).flatMap(([field, value]) =>
    field.startsWith("image:") && value !== null ? [field.slice("image:".length)] : [],
  )

export const assignedVariants = ({ base_erp }: Bases, key: string): ErpId[] => {
  const prefix = `image_variant:${key}/`
  return Object.entries(base_erp).flatMap(([field, value]) =>
    field.startsWith(prefix) && value === true ? [field.slice(prefix.length) as ErpId] : [],
  )
}

/** Variants whose thumbnail this connection once set. */
export const thumbnailedVariants = ({ base_medusa }: Bases): ErpId[] =>
  Object.entries(base_medusa).flatMap(([field, value]) =>
    field.startsWith("variant_thumbnail:") && value !== null
      ? [field.slice("variant_thumbnail:".length) as ErpId]
      : [],
  )

export const rankBase = (
  { base_erp, base_medusa }: Bases,
  key: string,
): { erp: number; medusa: number } | null => {
  const erp = base_erp[rankField(key)]
  const medusa = base_medusa[rankField(key)]
  return typeof erp === "string" && typeof medusa === "string"
    ? { erp: Number(erp), medusa: Number(medusa) }
    : null
}

export const uploadedFiles = (kept: Link["kept"]): UploadedFile[] =>
  Object.entries(kept).flatMap(([name, value]) => {
    if (!name.startsWith(FILE) || typeof value !== "string") return []
    const { key, checksum, url } = JSON.parse(value) as Omit<UploadedFile, "id">
    return [{ id: name.slice(FILE.length), key, checksum, url }]
  })

export const keepFile = ({ id, ...file }: UploadedFile): { [name: string]: FieldValue } => ({
  [fileName(id)]: JSON.stringify(file),
})
