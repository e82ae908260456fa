import type { Knex } from "@medusajs/framework/mikro-orm/knex"
import { MedusaContainer } from "@medusajs/framework/types"
import { ContainerRegistrationKeys } from "@medusajs/framework/utils"
import { ImageStore } from "../engine/image-ports"
import { deleteImageFiles, unusedUrls, uploadImage } from "./image-files"
import { readGalleries } from "./read-galleries"
import { writeGalleries } from "./write-galleries"

/** The images of the store that the container belongs to. */
export const createImageStore = (container: MedusaContainer): ImageStore<Knex.Transaction> => {
  const db = container.resolve(ContainerRegistrationKeys.PG_CONNECTION)
  return {
    readGalleries: (ids) => readGalleries(db, ids),
    writeGalleries,
    upload: (file) => uploadImage(container, file),
    unusedUrls: (urls) => unusedUrls(db, urls),
    deleteFiles: (ids) => deleteImageFiles(container, ids),
  }
}
