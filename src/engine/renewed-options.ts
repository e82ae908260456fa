import { Link } from "../sync/values"
import { LinkPatch, NewLink } from "./ports"

/** Options and values that were removed once and came back: their links follow to the new records. */
export const renewedOptions = (wanted: NewLink[], links: Link[]): LinkPatch[] => {
  const held = new Map(links.map((link) => [`${link.entity}/${link.erp_id}`, link]))
  return wanted.flatMap((want): LinkPatch[] => {
    const link = held.get(`${want.entity}/${want.erp_id}`)
    return link && link.medusa_id !== want.medusa_id
      ? [
          {
            id: link.id,
            expected: { lane: "catalog", seq: link.seq },
            medusa_id: want.medusa_id,
            state: "linked",
            base_erp: want.base_erp,
            base_medusa: want.base_medusa,
          },
        ]
      : []
  })
}
