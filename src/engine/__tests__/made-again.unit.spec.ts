import { link, rules } from "../../sync/__tests__/fixtures"
import { connectionId, erpId } from "../../sync/ids"
import { LinkState } from "../../sync/values"
import { LinkWork } from "../commit"
import { arriveResumed } from "../made-again"

const connected = { id: connectionId("c"), rules: rules() }

const work = (from: LinkState, to?: LinkState, entity: LinkWork["entity"] = "category") => ({
  key: { stream: "categories" as const, erp_id: erpId(30) },
  link: link({ entity, erp_id: erpId(30), state: from }),
  entity,
  erp_version: null,
  fields: [],
  extra: [],
  patch: to ? { state: to } : {},
  retire: false,
})

/** What the ledger is told. */
const told = async (works: LinkWork[]) => {
  const voided: string[][] = []
  const woken: string[][] = []
  const dirty: string[][] = []
  const ledger = {
    journal: async () => undefined,
    voidElements: async (_tx: null, _connection: string, fields: string[]) => {
      voided.push(fields)
      return [erpId(41)]
    },
    wakeWaiting: async (_tx: null, _connection: string, arrived: { erp_id: string }[]) => {
      woken.push(arrived.map((entry) => entry.erp_id))
    },
    markDirty: async (_connection: string, keys: { erp_id: string }[]) => {
      dirty.push(keys.map((key) => key.erp_id))
    },
  }
  await arriveResumed({ ledger }, connected, null, works)
  return { voided, woken, dirty: dirty.flat() }
}

describe("a category that a dead run made, completed by a later look", () => {
  it.each(["linked", "gone"] as const)("voids memberships and wakes who waits, %s", async (to) => {
    expect(await told([work("creating", to)])).toEqual({
      voided: [["category:30"]],
      woken: [["30"]],
      dirty: ["41"],
    })
  })

  it.each([
    ["was linked before", work("linked", "gone")],
    ["is to be made again", work("creating", "creating")],
    ["is left alone for good", work("creating", "tombstone")],
    ["is not completed yet", work("creating")],
    ["is no category", work("creating", "linked", "product")],
  ])("is none that %s", async (_which, entry) => {
    expect(await told([entry])).toEqual({ voided: [], woken: [], dirty: [] })
  })
})
