import { MedusaId } from "./ids"
import { FieldValue, Link, Values } from "./values"

/** A variant that the merchant added to a linked product, on its way to the ERP. */
export interface AnnouncedVariant {
  /** What was sent of it, or is about to be, by the names of its fields. */
  sent: Values
  /** Until when the request may take effect, database time, ISO. */
  until: string
}

/**
 * What is sent of new variants is kept with the product's link until their own links stand: whatever
 * either side holds by then, this is what both have agreed on.
 */
const PREFIX = "announced:"

/** What to keep before a variant is sent. */
export const announcement = (
  id: MedusaId,
  { sent, until }: AnnouncedVariant,
): { [name: string]: string } => ({ [`${PREFIX}${id}`]: JSON.stringify([until, sent]) })

/** Takes an announcement back: its link stands, or it is certain not to have happened. */
export const withoutAnnouncement = (id: MedusaId): { [name: string]: null } => ({
  [`${PREFIX}${id}`]: null,
})

/** What was announced of a product's new variants, by the store's ids. */
export const announcedVariants = (kept: Link["kept"]): ReadonlyMap<MedusaId, AnnouncedVariant> =>
  new Map(
    Object.entries(kept).flatMap(([name, value]): [MedusaId, AnnouncedVariant][] => {
      const announced = name.startsWith(PREFIX) ? parsed(value) : null
      return announced ? [[name.slice(PREFIX.length) as MedusaId, announced]] : []
    }),
  )

const parsed = (value: FieldValue | undefined): AnnouncedVariant | null => {
  if (typeof value !== "string") {
    return null
  }
  const [until, sent] = JSON.parse(value) as [string, Values]
  return { until, sent }
}
