import { GalleryChange, MedusaGallery } from "../sync/gallery"
import { MedusaId } from "../sync/ids"
import { OutgoingEvent } from "./ports"

/** A picture on its way to the store's file provider. */
export interface ImageFile {
  /** With extension, free of path separators. */
  filename: string
  mime_type: string
  bytes: Buffer
}

/** One gallery's change: written whole, and only while the gallery is as it was planned on. */
export interface GalleryWrite {
  planned_on: MedusaGallery
  change: GalleryChange
}

export type GalleryOutcome = "written" | "moved" | "locked" | "gone"

/** Where images go: Medusa's tables, and the store's file provider. */
export interface ImageStore<Tx> {
  /** Soft-deleted products are flagged; unknown ones are missing. */
  readGalleries(productIds: MedusaId[]): Promise<Map<MedusaId, MedusaGallery>>
  /** Guarded; outcomes in order of `writes`, with the events that core would emit. */
  writeGalleries(
    tx: Tx,
    writes: GalleryWrite[],
  ): Promise<{ outcomes: GalleryOutcome[]; events: OutgoingEvent[]; writes: number }>
  /** @throws SyncError `transient` when the provider does not take it */
  upload(file: ImageFile): Promise<{ id: string; url: string }>
  /** Which of these urls no image or thumbnail of the store shows. */
  unusedUrls(urls: string[]): Promise<Set<string>>
  /** @throws SyncError `transient` */
  deleteFiles(ids: string[]): Promise<void>
}
