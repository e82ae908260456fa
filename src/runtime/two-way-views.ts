import type { Stream } from "../sync/canonical"
import type { FieldValue, Owner, Side } from "../sync/values"
import type { ParkedView } from "./views"

/**
 * What the admin API answers about both directions. Times are ISO 8601 in UTC.
 */

/** A field on which both sides differ, and which is left so. */
export interface DifferenceView {
  connection_id: string
  link_id: string
  entity: string
  erp_id: string
  medusa_id: string
  /** What the record is called in the store, as both sides last agreed. */
  title: string | null
  sku: string | null
  field: string
  kind: "drift" | "pending" | "conflict"
  reason: string
  message: string | null
  erp: FieldValue
  medusa: FieldValue
  /** Whose value a person chose; null once a look has applied it. */
  resolution: Side | null
  since: string
  updated_at: string
}

export interface DifferenceCount {
  kind: DifferenceView["kind"]
  reason: string
  count: number
}

/** One field of one link. */
export interface LinkFieldView {
  link_id: string
  field: string
}

export interface JournalView {
  id: string
  connection_id: string
  run_id: string | null
  entity: string
  erp_id: string
  medusa_id: string | null
  field: string
  /** The side that was written, or whose edit was set aside. */
  side: Side
  kind: string
  from: FieldValue
  to: FieldValue
  rule: string
  created_at: string
}

/** What became of the wish to have a former value back. */
export type RestoreView =
  | { restored: true; field: string; value: FieldValue; replaced: FieldValue; message: string }
  | { restored: false; reason: string; message: string }

/** A record of the ERP that is not linked because a machine cannot tell to what. */
export interface ProposalView {
  /** Of the parked record. */
  id: string
  connection_id: string
  erp_id: string
  message: string
  key: string | null
  /** What the ERP has; null when it did not answer in time. */
  erp: { title: string; active: boolean; variants: ProposedVariant[] } | null
  candidates: {
    medusa_id: string
    title: string
    status: string
    variants: ProposedVariant[]
    /** The record that it is linked to already. */
    linked_to: string | null
  }[]
  first_at: string
}

export interface ProposedVariant {
  id: string
  sku: string | null
  barcode: string | null
}

/** One field as both sides hold it, and what a look would do about it. */
export interface FieldView {
  /** Null where the link is yet to be made: such a field cannot be chosen. */
  link_id: string | null
  entity: string
  erp_id: string
  medusa_id: string
  field: string
  owner: Owner
  erp: FieldValue
  base_erp: FieldValue
  medusa: FieldValue
  base_medusa: FieldValue
  /** `write` changes the store, `push` the ERP. */
  outcome: "unchanged" | "agree" | "write" | "push" | "wait" | "drift" | "pending" | "conflict"
  /** The rule that decides, or the reason why nothing does. */
  rule: string | null
  /** What the written side would hold. */
  to: FieldValue
}

/** What a look would do with one record, besides its fields. */
export interface RecordPlanView {
  erp_id: string
  /** The record of the store that it is linked to, or would be. */
  medusa_id: string | null
  title: string
  /** `adopt`: linked to what the store has. `ambiguous`: a person has to say to what. */
  kind: "create" | "adopt" | "ambiguous" | "structure" | "values" | "skip" | "deleted_in_medusa"
  reason: string | null
}

export interface PreviewView {
  connection_id: string
  stream: Stream
  at: string
  records: Record<RecordPlanView["kind"], number>
  /** Records with more than fields to change, at most `limit` of them. */
  plans: RecordPlanView[]
  /** Ids that were asked for, and that the ERP does not have. */
  missing: string[]
  rejected: { erp_id: string; field: string; reason: string }[]
  fields: Record<FieldView["outcome"], number>
  /** Fields that do not agree, at most `limit` of them. */
  differences: FieldView[]
  /** How many there are of them in all that was looked at. */
  count: number
  /** Send it back as `cursor` to go on; null at the end. */
  next: { readonly [key: string]: unknown } | null
}

export interface AppliedView {
  /** Fields that were written. */
  applied: number
  /** What was not written, with what both sides hold now; look again. */
  changed: {
    link_id: string
    field: string
    /**
     * `changed`: planned otherwise by now. `waits`: as it was shown, but held back by a guard, locked, or
     * not taken by the ERP. `unreadable`: the ERP did not answer. `unknown`: no such field any more.
     */
    reason: "changed" | "waits" | "unreadable" | "unknown"
    erp: FieldValue
    medusa: FieldValue
    outcome: FieldView["outcome"] | null
    to: FieldValue
  }[]
}

/** Everything that is known about one linked record. */
export interface ExplanationView {
  connection_id: string
  link: {
    id: string
    entity: string
    erp_id: string
    parent_erp_id: string | null
    medusa_id: string
    state: string
    owners: Record<string, Owner>
    resolutions: Record<string, Side>
    open_intents: Record<string, { source: Side; to: FieldValue; at: string; until: string | null }>
  }
  /** Why the ERP's present values are missing. */
  erp_failure: string | null
  plan: RecordPlanView | null
  fields: FieldView[]
  differences: DifferenceView[]
  parked: ParkedView[]
  dirty: {
    stream: Stream
    erp_id: string
    reason: string
    claims: number
    due_at: string
    /** Somebody looks at it now. */
    leased: boolean
  }[]
  journal: JournalView[]
  /** Why nothing happens, or what will, in sentences. */
  why: string[]
}

/** What was found for the words that a person typed. */
export interface ExplainView {
  q: string
  records: ExplanationView[]
  /**
   * Records of the ERP with that id, SKU or barcode which are not linked, and parked ones in which the words
   * occur.
   */
  unlinked: {
    connection_id: string
    stream: Stream
    erp_id: string
    title: string | null
    why: string
  }[]
  /** Products of the store under these words that this connection does not link. */
  unlinked_in_store: { connection_id: string; medusa_id: string; title: string; why: string }[]
}

export interface HookView {
  token_at: string | null
  counters: Record<string, number>
}

/** The token is shown here and never again. */
export interface HookTokenView {
  token: string
  /** Path and, where the store knows its own address, host that the ERP calls. */
  url: string
}
