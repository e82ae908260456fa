import { Checks } from "./checks"
import { ErpSide } from "./erp-side"
import { killHolder } from "./half"
import { Instance } from "./store"
import { StoreSide } from "./store-side"
import { until } from "./until"

const PATIENT_MS = 600_000

interface Stage {
  erp: ErpSide
  store: StoreSide
  checks: Checks
}

/** Every product is edited in the store, and one of the instances that carry this out is killed half-way. */
export const editsGoOut = async (
  { erp, store, checks }: Stage,
  instances: [Instance, Instance],
): Promise<void> => {
  const wanted = await store.editTitles()
  const { other, seen, held } = await killHolder(store, "products", wanted.size, instances)
  checks.equal("both instances carry edits out", seen, 2)
  checks.check("the killed one held edits", held > 0, `${held} of them`)
  await until("nothing is due", async () => (await due(store)) === 0, PATIENT_MS)
  const open = await store.openIntents()
  await store.endRequests()
  await until(
    "every edit is settled",
    async () => (await store.dirty("products")) === 0 && (await store.openIntents()) === 0,
    PATIENT_MS,
  )
  const titles = await erp.titles()
  const arrived = [...wanted].filter(([id, title]) => titles.get(id) === title).length
  checks.equal(`every edit is in the ERP (${open} had no known outcome)`, arrived, wanted.size)
  checks.equal("none was written twice", await erp.writes(), {
    "product.template": { records: wanted.size, most: 1 },
  })
  checks.equal(
    "no lease is left after the edits",
    await store.number("select count(*) as found from erp_dirty where lease_owner is not null"),
    0,
  )
  checks.check("the survivor of the edits is alive", other.isRunning(), other.name)
}

const due = (store: StoreSide): Promise<number> =>
  store.number(
    `select count(*) as found from erp_dirty
     where stream = 'products' and (due_at <= now() or lease_until > now())`,
  )
