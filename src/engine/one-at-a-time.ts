import { LinkWork, PageWork } from "./commit"
import { Connected, EngineContext } from "./context"
import { countedFields } from "./guards"

/** How soon a record is looked at again whose page met another one at its count. */
const AGAIN_MS = 2_000

/**
 * Guards and stores a page. Pages with changes that are counted go one at a time, so that each counts
 * what the one before has written: where another is at it, the records of such changes are left for a
 * moment, and the rest goes on.
 * @param work guards the page and stores it
 */
export const oneAtATime = async <Tx, T>(
  context: { ledger: Pick<EngineContext<Tx>["ledger"], "exclusively"> },
  connected: Pick<Connected, "id">,
  page: PageWork,
  work: () => Promise<T>,
): Promise<T> => {
  if (!page.links.some(isCounted)) {
    return work()
  }
  const lock = `${connected.id}/guard`
  return context.ledger.exclusively([lock], (granted) => {
    if (!granted.has(lock)) {
      leaveCounted(page)
    }
    return work()
  })
}

const isCounted = (work: LinkWork): boolean => work.retire || countedFields(work).length > 0

const nameOf = ({ stream, erp_id }: LinkWork["key"]): string => `${stream}/${erp_id}`

/** Their records are looked at again as a whole. */
const leaveCounted = (page: PageWork): void => {
  const counted = page.links.filter(isCounted)
  const keys = new Set(counted.map(({ key }) => nameOf(key)))
  const left = page.links.filter(({ key }) => keys.has(nameOf(key)))
  const isLeft = (entity: string, id: string): boolean =>
    left.some(({ link }) => link.entity === entity && link.erp_id === id)
  page.links = page.links.filter((work) => !left.includes(work))
  page.healed = page.healed.filter(({ entity, erp_id }) => !isLeft(entity, erp_id))
  page.journal = page.journal.filter(({ entity, erp_id }) => !isLeft(entity, erp_id ?? ""))
  page.dirty.push(
    ...[...new Map(counted.map(({ key }) => [nameOf(key), key])).values()].map((key) => ({
      ...key,
      reason: "counted",
      delay_ms: AGAIN_MS,
    })),
  )
}
