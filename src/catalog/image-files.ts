import { IFileModuleService, MedusaContainer } from "@medusajs/framework/types"
import { Modules } from "@medusajs/framework/utils"
import { ImageFile } from "../engine/image-ports"
import { SyncError } from "../sync/errors"
import { Database, query } from "./database"

/** Hands a picture to the store's file provider, whichever that is. @throws SyncError transient */
export const uploadImage = async (
  container: MedusaContainer,
  { filename, mime_type, bytes }: ImageFile,
): Promise<{ id: string; url: string }> => {
  const files: IFileModuleService = container.resolve(Modules.FILE)
  try {
    const { id, url } = await files.createFiles({
      filename,
      mimeType: mime_type,
      content: bytes.toString("base64"),
      access: "public",
    })
    return { id, url }
  } catch (error) {
    throw unavailable("took no file", error)
  }
}

/** Unknown ids are no error. @throws SyncError transient */
export const deleteImageFiles = async (
  container: MedusaContainer,
  ids: string[],
): Promise<void> => {
  if (ids.length === 0) {
    return
  }
  const files: IFileModuleService = container.resolve(Modules.FILE)
  try {
    await files.deleteFiles(ids)
  } catch (error) {
    throw unavailable("deleted no file", error)
  }
}

/** Which of the urls no live image, product or variant shows. */
export const unusedUrls = async (db: Database, urls: string[]): Promise<Set<string>> => {
  const rows = await query<{ url: string }>(
    db,
    `select url from unnest(?::text[]) as given(url)
      where not exists (select 1 from image i where i.url = given.url and i.deleted_at is null)
        and not exists (
          select 1 from product p where p.thumbnail = given.url and p.deleted_at is null)
        and not exists (
          select 1 from product_variant v where v.thumbnail = given.url and v.deleted_at is null)`,
    [urls],
  )
  return new Set(rows.map(({ url }) => url))
}

const unavailable = (what: string, cause: unknown): SyncError =>
  new SyncError({
    kind: "transient",
    code: "file_provider",
    message: `The store's file provider ${what}: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: "Look at the file module of the store; the image is tried again by itself.",
    cause,
  })
