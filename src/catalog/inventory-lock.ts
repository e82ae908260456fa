import { ILockingModule, MedusaContainer } from "@medusajs/framework/types"
import { Modules } from "@medusajs/framework/utils"
import { SyncError } from "../sync/errors"
import { MedusaId } from "../sync/ids"

/** Seconds to wait for a checkout that holds one of the items; one is the least Medusa allows. */
const WAIT_SECONDS = 1

/**
 * Runs `work` under the keys by which core's own flows lock reservations and stock: the plain inventory
 * item ids. Taken in order, so that two workers never wait for each other.
 *
 * @throws SyncError `transient` when another flow keeps one of the items.
 */
export const withInventoryLock = async <T>(
  container: MedusaContainer,
  inventoryItemIds: readonly MedusaId[],
  work: () => Promise<T>,
): Promise<T> => {
  const keys = [...new Set<string>(inventoryItemIds)].sort()
  if (keys.length === 0) {
    return work()
  }
  const locking: ILockingModule = container.resolve(Modules.LOCKING)
  let started = false
  let done: { result: T } | undefined
  try {
    await locking.execute(
      keys,
      async () => {
        started = true
        done = { result: await work() }
      },
      { timeout: WAIT_SECONDS },
    )
  } catch (error) {
    // A lease lost after the work is not the work's failure: the rows have guards of their own.
    if (!done) {
      throw started ? error : lockBusy(error)
    }
  }
  if (!done) {
    throw lockBusy(undefined)
  }
  return done.result
}

const lockBusy = (cause: unknown): SyncError =>
  new SyncError({
    kind: "transient",
    code: "stock_locked",
    message: "Another flow of the store holds one of the inventory items.",
    remedy: "Nothing to do: the stock is tried again.",
    cause,
  })
