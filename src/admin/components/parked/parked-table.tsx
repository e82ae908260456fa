import { Table } from "@medusajs/ui"
import { useEffect, useState } from "react"
import { useParked } from "../../lib/queries"
import { useText } from "../../lib/use-text"
import { Pager } from "../pager"
import { Failed, Loading } from "../panel-state"
import { ParkedRow } from "./parked-row"

const LIMIT = 10

export interface ParkedTableProps {
  reason: string
  hasConnection: boolean
}

/** One page of the records of a reason. */
export const ParkedTable = ({ reason, hasConnection }: ParkedTableProps) => {
  const text = useText()
  const [offset, setOffset] = useState(0)
  const { data, error, refetch } = useParked({ reason, limit: LIMIT, offset })
  const isPastTheEnd = data !== undefined && data.count > 0 && data.offset >= data.count
  useEffect(() => {
    if (isPastTheEnd) setOffset(0)
  }, [isPastTheEnd])
  if (error && !data) {
    return <Failed title={text("parked.failed")} error={error} onRetry={() => void refetch()} />
  }
  if (!data) return <Loading />
  return (
    <>
      <div className="overflow-x-auto">
        <Table className="min-w-[680px] table-fixed">
          <Table.Header className="border-t-0">
            <Table.Row>
              <Table.HeaderCell className="w-[22%]">{text("parked.record")}</Table.HeaderCell>
              <Table.HeaderCell className="w-[22%]">{text("parked.field")}</Table.HeaderCell>
              <Table.HeaderCell>{text("parked.problem")}</Table.HeaderCell>
              <Table.HeaderCell className="w-[124px]">{text("parked.since")}</Table.HeaderCell>
              <Table.HeaderCell className="w-[60px]">
                <span className="sr-only">{text("actions.retry")}</span>
              </Table.HeaderCell>
            </Table.Row>
          </Table.Header>
          <Table.Body className="border-b-0 [&_tr:last-child]:border-b-0">
            {data.parked.map((parked) => (
              <ParkedRow key={parked.id} parked={parked} hasConnection={hasConnection} />
            ))}
          </Table.Body>
        </Table>
      </div>
      <div className={data.count > LIMIT ? "border-t" : undefined}>
        <Pager count={data.count} limit={LIMIT} offset={offset} onOffset={setOffset} />
      </div>
    </>
  )
}
