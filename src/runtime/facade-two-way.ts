import { ChosenField } from "../engine/apply-chosen"
import { DifferenceFilter, JournalFilter, ParkedMove } from "../modules/erp/ledger"
import { applyPreviewed } from "./apply-previewed"
import { Differences, differencesOf } from "./open-differences"
import { explain } from "./explain"
import { LinksByHand, linksByHandOf } from "./links-by-hand"
import { preview, PreviewInput } from "./preview"
import { proposalOf, proposals } from "./proposals"
import { restore } from "./restore"
import { Runtime } from "./runtime"
import {
  AppliedView,
  ExplainView,
  JournalView,
  PreviewView,
  ProposalView,
  RestoreView,
} from "./two-way-views"

export type { DifferenceFilter, JournalFilter }

/** What the control room may ask about both directions. */
export interface TwoWaySync extends Differences, LinksByHand {
  /** Newest first; the count ends at a hundred thousand. */
  journal(
    filter: JournalFilter & { limit: number; offset: number },
  ): Promise<{ entries: JournalView[]; count: number }>
  /** Puts back what a journaled write replaced, as an edit in the store. */
  restore(entryId: string): Promise<RestoreView>
  /** Sets parked records aside until what is wrong changes; returns how many. */
  ignoreParked(ids: string[]): Promise<number>
  /**
   * Lets variants that are parked as `reparented` go to the products under which the ERP has them, with
   * their inventory items and prices; returns how many. What leads elsewhere by now waits again.
   */
  approveMoves(moves: ParkedMove[]): Promise<number>
  proposals(filter: {
    connection_id?: string | undefined
    limit: number
    offset: number
  }): Promise<{ proposals: ProposalView[]; count: number }>
  /** Links the record of a proposal to one of the store; null when it is no proposal any more. */
  acceptProposal(
    id: string,
    medusaId: string,
  ): Promise<{ link_id: string; variants: number } | null>
  explain(q: string): Promise<ExplainView>
  preview(connectionId: string, input: PreviewInput): Promise<PreviewView>
  /**
   * Writes fields that a preview showed, and that are planned exactly so still; nothing else of their
   * records is written. What was not written is told.
   */
  applyPreviewed(items: ChosenField[]): Promise<AppliedView>
}

export const createTwoWay = (runtime: Runtime): TwoWaySync => {
  const { ledger } = runtime
  const links = linksByHandOf(runtime)
  return {
    ...differencesOf(runtime),
    ...links,
    journal: (filter) => ledger.listJournal(filter),
    restore: (entryId) => restore(runtime, entryId),
    ignoreParked: (ids) => ledger.ignoreParked(ids),
    async approveMoves(moves) {
      const approved = await ledger.approveMoves(moves)
      await ledger.retryParkedRows(approved)
      runtime.wake(null)
      return approved.length
    },
    proposals: (filter) => proposals(runtime, filter),
    async acceptProposal(id, medusaId) {
      const proposal = await proposalOf(runtime, id)
      return proposal && links.link({ ...proposal, entity: "product", medusa_id: medusaId })
    },
    explain: (q) => explain(runtime, q),
    preview: (id, input) => preview(runtime, id, input),
    applyPreviewed: (items) => applyPreviewed(runtime, items),
  }
}
