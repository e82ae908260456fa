import {
  defineMiddlewares,
  validateAndTransformBody,
  validateAndTransformQuery,
} from "@medusajs/framework/http"
import {
  acknowledgeSchema,
  listParkedSchema,
  listRecordsSchema,
  listRunsSchema,
  retryParkedSchema,
  startSyncSchema,
} from "./admin/erp/validators"

export default defineMiddlewares({
  routes: [
    {
      matcher: "/admin/erp/connections/:id/sync",
      methods: ["POST"],
      middlewares: [validateAndTransformBody(startSyncSchema)],
    },
    {
      matcher: "/admin/erp/connections/:id/acknowledge",
      methods: ["POST"],
      middlewares: [validateAndTransformBody(acknowledgeSchema)],
    },
    {
      matcher: "/admin/erp/runs",
      methods: ["GET"],
      middlewares: [validateAndTransformQuery(listRunsSchema, { isList: true })],
    },
    {
      matcher: "/admin/erp/parked",
      methods: ["GET"],
      middlewares: [validateAndTransformQuery(listParkedSchema, { isList: true })],
    },
    {
      matcher: "/admin/erp/parked/retry",
      methods: ["POST"],
      middlewares: [validateAndTransformBody(retryParkedSchema)],
    },
    {
      matcher: "/admin/erp/records",
      methods: ["GET"],
      middlewares: [validateAndTransformQuery(listRecordsSchema, { isList: true })],
    },
  ],
})
