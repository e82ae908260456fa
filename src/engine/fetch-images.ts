import { ErpImage } from "../sync/canonical"
import { SyncError, toSyncError } from "../sync/errors"
import { MedusaGallery } from "../sync/gallery"
import { ErpId } from "../sync/ids"
import { imageField, keepFile, UploadedFile } from "../sync/image-bases"
import { imageTypeOf } from "../sync/image-type"
import { Link } from "../sync/values"
import { brokenFence } from "./commit"
import { Connected, EngineContext } from "./context"
import { ImageStore } from "./image-ports"
import { ParkedRecord } from "./ports"

/** A picture that failed for a passing reason is asked for again after this time. */
const AGAIN_MS = 5 * 60_000

export type Fetched =
  | { outcome: "uploaded"; file: UploadedFile; seq: number }
  | { outcome: "parked"; parked: ParkedRecord }
  /** It was another one by the time it was read, or the reason passes by itself. */
  | { outcome: "later"; delay_ms: number }

interface Wanted {
  product: ErpId
  link: Link
  gallery: MedusaGallery
  image: ErpImage
}

/**
 * Brings one picture from the ERP to the store's file provider, and remembers the file with the link
 * before anything shows it: after a crash it is neither uploaded again nor forgotten.
 * @throws SyncError of the connection's scope; everything else concerns this picture alone
 */
export const fetchImage = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  store: ImageStore<Tx>,
  wanted: Wanted,
): Promise<Fetched> => {
  const { product, image } = wanted
  const most = connected.rules.images?.max_bytes ?? 0
  try {
    if ((image.size ?? 0) > most) return parked(wanted, tooLarge(image.size ?? 0, most))
    const read = await connected.connector.image?.(product, image.key, { lane: "background" })
    if (!read || read.checksum !== image.checksum) return { outcome: "later", delay_ms: 1000 }
    if (read.bytes.length > most) return parked(wanted, tooLarge(read.bytes.length, most))
    const type = imageTypeOf(read.bytes)
    if (type === null) return parked(wanted, BROKEN)
    const uploaded = await store.upload({
      filename: `${nameOf(wanted)}.${type.extension}`,
      mime_type: type.mime_type,
      bytes: read.bytes,
    })
    const file: UploadedFile = { key: image.key, checksum: image.checksum, ...uploaded }
    return { outcome: "uploaded", file, seq: await remember(context, wanted.link, file) }
  } catch (error) {
    return failed(context, connected, wanted, error)
  }
}

const failed = <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  wanted: Wanted,
  error: unknown,
): Fetched => {
  const failure = toSyncError(error)
  if (failure.kind === "config" && failure.scope === "connection") throw failure
  const told = `${connected.id}: image ${wanted.image.key} of product ${wanted.product}`
  if (failure.kind === "transient" || failure.kind === "conflict") {
    context.log("warn", `${told} waits: ${failure.message}`)
    return { outcome: "later", delay_ms: failure.retry_after_ms ?? AGAIN_MS }
  }
  if (failure.kind === "bug") context.log("error", `${told}: ${failure.stack ?? failure.message}`)
  return parked(wanted, failure)
}

const remember = async <Tx>(
  context: EngineContext<Tx>,
  link: Link,
  file: UploadedFile,
): Promise<number> =>
  context.ledger.transaction(async (tx) => {
    const { seqs } = await context.ledger.patchLinks(tx, [
      { id: link.id, expected: { lane: "stock", seq: link.stock_seq }, kept: keepFile(file) },
    ])
    const seq = seqs.get(link.id)
    if (seq === undefined) throw brokenFence([link.id])
    return seq
  })

/** For a person who looks through the files: product, place and content; providers make it unique. */
const nameOf = ({ product, gallery, image }: Wanted): string =>
  [gallery.handle || `product-${product}`, image.key, image.checksum.slice(0, 8)]
    .map((part) => part.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 80))
    .join("-")

type Reason = Pick<SyncError, "code" | "message" | "remedy">

const parked = ({ product, image }: Wanted, { code, message, remedy }: Reason): Fetched => ({
  outcome: "parked",
  parked: {
    stream: "images",
    entity: "product",
    erp_id: product,
    field: imageField(image.key),
    reason: code,
    message,
    value: null,
    remedy,
    version: image.checksum,
  },
})

const BROKEN: Reason = {
  code: "broken_image",
  message: "The file is no picture that a browser shows (PNG, JPEG, GIF, WebP or AVIF).",
  remedy: "Replace the image in the ERP; it is read again when it changes.",
}

const tooLarge = (bytes: number, most: number): Reason => ({
  code: "image_too_large",
  message: `The image has ${bytes} bytes; ${most} are allowed.`,
  remedy: "Put a smaller image into the ERP, or raise `images.max_bytes` of the connection.",
})
