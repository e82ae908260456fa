import { z } from "@medusajs/framework/zod"
import { ENTITIES } from "../../../sync/canonical"
import { DIFFERENCE_KINDS, OWNERS } from "../../../sync/values"
import { MOST, page } from "./validators"

const name = z.string().min(1).max(255)
const value = z.union([z.string(), z.boolean(), z.null()])
const linkField = z.object({ link_id: name, field: name })

const openFields = {
  connection_id: name.optional(),
  kind: z.enum(DIFFERENCE_KINDS).optional(),
  reason: name.optional(),
  /** One field, or a family of them: `price` is every price. */
  field: name.optional(),
  entity: z.enum(ENTITIES).optional(),
  /** An id of either side, or part of a title, a SKU or a value. */
  q: name.optional(),
}

export const listDifferencesSchema = z.object({ ...page, ...openFields })
export type ListDifferences = z.infer<typeof listDifferencesSchema>

export const exportDifferencesSchema = z.object({
  ...openFields,
  format: z.enum(["csv", "json"]).default("csv"),
})
export type ExportDifferences = z.infer<typeof exportDifferencesSchema>

const linkFields = z.array(linkField).min(1).max(MOST)

export const resolveConflictsSchema = z.object({
  ids: linkFields,
  side: z.enum(["erp", "medusa"]),
  /** How long the decision can be taken back, at least. */
  undo_seconds: z.number().int().min(0).max(60).default(0),
})
export type ResolveConflicts = z.infer<typeof resolveConflictsSchema>

export const retryDifferencesSchema = z.object({ ids: linkFields })
export type RetryDifferences = z.infer<typeof retryDifferencesSchema>

export const undoConflictsSchema = z.object({ ids: linkFields })
export type UndoConflicts = z.infer<typeof undoConflictsSchema>

export const approveMovesSchema = z.object({
  moves: z
    .array(z.object({ id: name, to: name }))
    .min(1)
    .max(MOST),
})
export type ApproveMoves = z.infer<typeof approveMovesSchema>

export const listJournalSchema = z.object({
  ...page,
  connection_id: name.optional(),
  run_id: name.optional(),
  entity: z.enum(ENTITIES).optional(),
  erp_id: name.optional(),
  medusa_id: name.optional(),
  field: name.optional(),
  kind: name.optional(),
  side: z.enum(["erp", "medusa"]).optional(),
  since: z.iso.datetime({ offset: true }).optional(),
})
export type ListJournal = z.infer<typeof listJournalSchema>

export const setOwnersSchema = z
  .record(name, z.enum(OWNERS).nullable())
  .refine((owners) => Object.keys(owners).length > 0, "names no field")
  .refine((owners) => Object.keys(owners).length <= MOST, "names too many fields")
export type SetOwners = z.infer<typeof setOwnersSchema>

export const createLinkSchema = z.object({
  connection_id: name,
  /** Variants and options come with their product. */
  entity: z.enum(["product", "category"]),
  erp_id: name,
  medusa_id: name,
})
export type CreateLink = z.infer<typeof createLinkSchema>

/** Each proposal asks the ERP and the store: fewer on a page. */
export const listProposalsSchema = z.object({
  connection_id: name.optional(),
  limit: z.coerce.number().int().min(1).max(50).default(20),
  offset: z.coerce.number().int().min(0).default(0),
})
export type ListProposals = z.infer<typeof listProposalsSchema>

export const acceptProposalSchema = z.object({ id: name, medusa_id: name })
export type AcceptProposal = z.infer<typeof acceptProposalSchema>

export const explainSchema = z.object({ q: z.string().trim().min(1).max(255) })
export type Explain = z.infer<typeof explainSchema>

export const previewSchema = z.object({
  stream: z.enum(["products", "categories"]).default("products"),
  /** ERP ids; without them a page of all records. */
  ids: z.array(name).min(1).max(MOST).optional(),
  /** The `next` of the answer before. */
  cursor: z.record(z.string(), z.unknown()).optional(),
  limit: z.number().int().min(1).max(MOST).default(200),
})
export type Preview = z.infer<typeof previewSchema>

export const applyPreviewSchema = z.object({
  items: z
    .array(
      linkField.extend({
        erp: value,
        medusa: value,
        outcome: z.enum(["write", "push"]),
        to: value,
      }),
    )
    .min(1)
    .max(MOST),
})
export type ApplyPreview = z.infer<typeof applyPreviewSchema>
