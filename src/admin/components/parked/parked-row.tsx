import { ArrowPath } from "@medusajs/icons"
import { Code, IconButton, Table, Tooltip } from "@medusajs/ui"
import { Link } from "react-router-dom"
import type { ParkedView } from "../../../runtime/views"
import { useRetry } from "../../lib/mutations"
import { useCode, useText } from "../../lib/use-text"
import { Time } from "../time"

export interface ParkedRowProps {
  parked: ParkedView
  hasConnection: boolean
}

/** One field of one record, what is wrong with it and what to do. */
export const ParkedRow = ({ parked, hasConnection }: ParkedRowProps) => {
  const text = useText()
  const retry = useRetry()
  return (
    <Table.Row className="[&_td]:h-auto [&_td]:py-3 [&_td]:align-top">
      <Table.Cell>
        <Record parked={parked} hasConnection={hasConnection} />
      </Table.Cell>
      <Table.Cell>
        <div className="flex min-w-0 flex-col items-start gap-y-1">
          <span className="text-ui-fg-base break-words">{parked.field}</span>
          <Value value={parked.value} />
        </div>
      </Table.Cell>
      <Table.Cell>
        <div className="txt-small flex flex-col gap-y-0.5 text-pretty break-words">
          <span className="text-ui-fg-base">{parked.message}</span>
          <span>{parked.remedy}</span>
        </div>
      </Table.Cell>
      <Table.Cell>
        <Time at={parked.first_at} />
      </Table.Cell>
      <Table.Cell className="!py-1.5">
        <Tooltip content={text("actions.retry")}>
          <IconButton
            size="small"
            variant="transparent"
            aria-label={text("parked.retryOne", { record: parked.erp_id })}
            isLoading={retry.isPending}
            onClick={() => retry.mutate([parked.id])}
          >
            <ArrowPath />
          </IconButton>
        </Tooltip>
      </Table.Cell>
    </Table.Row>
  )
}

const Record = ({ parked, hasConnection }: ParkedRowProps) => {
  const code = useCode()
  const { entity, erp_id, medusa_id, connection_id } = parked
  const name = `${code("entity", entity)} ${erp_id}`
  return (
    <div className="flex min-w-0 flex-col gap-y-0.5">
      {entity === "product" && medusa_id ? (
        <Link
          to={`/products/${medusa_id}`}
          className="text-ui-fg-interactive hover:text-ui-fg-interactive-hover break-words"
        >
          {name}
        </Link>
      ) : (
        <span className="text-ui-fg-base break-words">{name}</span>
      )}
      {hasConnection && (
        <span className="text-ui-fg-muted txt-compact-xsmall break-words">{connection_id}</span>
      )}
    </div>
  )
}

const Value = ({ value }: { value: string | null }) => {
  const text = useText()
  if (value === null || value === "") {
    return <span className="text-ui-fg-muted">{text("parked.noValue")}</span>
  }
  return (
    <Code className="max-w-full truncate" title={value}>
      <span className="sr-only">{text("parked.value")}: </span>
      {value.trim() === "" ? JSON.stringify(value) : value}
    </Code>
  )
}
