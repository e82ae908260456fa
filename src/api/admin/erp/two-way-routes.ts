import {
  MiddlewareRoute,
  validateAndTransformBody,
  validateAndTransformQuery,
} from "@medusajs/framework/http"
import {
  acceptProposalSchema,
  applyPreviewSchema,
  approveMovesSchema,
  createLinkSchema,
  explainSchema,
  exportDifferencesSchema,
  listDifferencesSchema,
  listJournalSchema,
  listProposalsSchema,
  previewSchema,
  resolveConflictsSchema,
  retryDifferencesSchema,
  setOwnersSchema,
  undoConflictsSchema,
} from "./two-way-validators"
import { retryParkedSchema } from "./validators"

type QuerySchema = Parameters<typeof validateAndTransformQuery>[0]
type BodySchema = Parameters<typeof validateAndTransformBody>[0]

const listing = (path: string, schema: QuerySchema): MiddlewareRoute => ({
  matcher: `/admin/erp${path}`,
  methods: ["GET"],
  middlewares: [validateAndTransformQuery(schema, { isList: true })],
})

const taking = (path: string, schema: BodySchema, method: "POST" | "PUT" = "POST") => ({
  matcher: `/admin/erp${path}`,
  methods: [method],
  middlewares: [validateAndTransformBody(schema)],
})

/** What each route of both directions takes. */
export const TWO_WAY_ROUTES: MiddlewareRoute[] = [
  listing("/differences", listDifferencesSchema),
  listing("/differences/export", exportDifferencesSchema),
  taking("/differences/retry", retryDifferencesSchema),
  taking("/conflicts/resolve", resolveConflictsSchema),
  taking("/conflicts/undo", undoConflictsSchema),
  listing("/journal", listJournalSchema),
  taking("/parked/ignore", retryParkedSchema),
  taking("/parked/approve-move", approveMovesSchema),
  taking("/links", createLinkSchema),
  taking("/links/:id/owners", setOwnersSchema, "PUT"),
  listing("/proposals", listProposalsSchema),
  taking("/proposals/accept", acceptProposalSchema),
  taking("/proposals/ignore", retryParkedSchema),
  listing("/explain", explainSchema),
  taking("/connections/:id/preview", previewSchema),
  taking("/preview/apply", applyPreviewSchema),
]
