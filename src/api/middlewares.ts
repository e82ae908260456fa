import {
  defineMiddlewares,
  MiddlewareRoute,
  validateAndTransformBody,
  validateAndTransformQuery,
} from "@medusajs/framework/http"
import { TWO_WAY_ROUTES } from "./admin/erp/two-way-routes"
import {
  acknowledgeSchema,
  approveMassChangeSchema,
  listParkedSchema,
  listRecordsSchema,
  listRunsSchema,
  retryParkedSchema,
  startSyncSchema,
} from "./admin/erp/validators"

/** The door reads bodies itself, after it knows who calls. */
const HOOKS: MiddlewareRoute = {
  matcher: "/hooks/erp/:connection/:token",
  methods: ["GET", "POST"],
  bodyParser: false,
}

export default defineMiddlewares({
  routes: [
    HOOKS,
    ...TWO_WAY_ROUTES,
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
      matcher: "/admin/erp/connections/:id/approve-mass-change",
      methods: ["POST"],
      middlewares: [validateAndTransformBody(approveMassChangeSchema)],
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
