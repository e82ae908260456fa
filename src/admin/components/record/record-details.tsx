import { ArrowUpRightOnBox } from "@medusajs/icons"
import { Text } from "@medusajs/ui"
import type { RecordView } from "../../../runtime/views"
import { useText } from "../../lib/use-text"
import { RecordBadge } from "../badges"
import { erpName } from "../connection/erp-name"
import { Notice } from "../notice"
import { Time } from "../time"
import { VariantList } from "./variant-list"

/** One ERP record of a product: which, since when in step, what is wrong, and its variants. */
export const RecordDetails = ({ record }: { record: RecordView }) => {
  const text = useText()
  return (
    <div className="flex flex-col gap-y-3 px-6 py-4">
      <div className="flex items-center justify-between gap-x-2">
        <div className="min-w-0">
          <Text size="small" leading="compact" weight="plus" className="truncate">
            {record.connection_id}
          </Text>
          <Text size="small" leading="compact" className="text-ui-fg-subtle pt-0.5">
            {erpName(record.erp)}
          </Text>
        </div>
        <RecordBadge state={record.state} />
      </div>
      <dl className="txt-compact-small flex flex-col gap-y-2">
        <div className="grid grid-cols-2 gap-x-4">
          <dt className="text-ui-fg-subtle">{text("record.erpId")}</dt>
          <dd className="min-w-0">
            <RecordLink record={record} />
          </dd>
        </div>
        <div className="grid grid-cols-2 gap-x-4">
          <dt className="text-ui-fg-subtle">{text("record.agreed")}</dt>
          <dd>{record.agreed_at ? <Time at={record.agreed_at} /> : text("record.neverAgreed")}</dd>
        </div>
      </dl>
      {record.parked.map((parked) => (
        <div key={parked.id} className="bg-ui-bg-component rounded-md border p-3">
          <Notice
            variant="warning"
            title={parked.field}
            message={parked.message}
            remedy={parked.remedy}
          />
        </div>
      ))}
      <VariantList variants={record.variants} />
    </div>
  )
}

const RecordLink = ({ record }: { record: RecordView }) => {
  const text = useText()
  if (!record.url) return <span className="break-words">{record.erp_id}</span>
  return (
    <a
      href={record.url}
      target="_blank"
      rel="noreferrer"
      className="text-ui-fg-interactive hover:text-ui-fg-interactive-hover inline-flex max-w-full items-center gap-x-1"
      aria-label={`${record.erp_id}: ${text("actions.openInErp")}`}
    >
      <span className="truncate">{record.erp_id}</span>
      <ArrowUpRightOnBox className="shrink-0" aria-hidden />
    </a>
  )
}
