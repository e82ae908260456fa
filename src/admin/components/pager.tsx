import { Table } from "@medusajs/ui"
import { useText } from "../lib/use-text"

export interface PagerProps {
  count: number
  limit: number
  offset: number
  onOffset: (offset: number) => void
}

/** Previous and next, and where in the list one is; nothing when one page holds all. */
export const Pager = ({ count, limit, offset, onOffset }: PagerProps) => {
  const text = useText()
  if (count <= limit && offset === 0) return null
  return (
    <Table.Pagination
      count={count}
      pageSize={limit}
      pageIndex={Math.floor(offset / limit)}
      pageCount={Math.ceil(count / limit)}
      canPreviousPage={offset > 0}
      canNextPage={offset + limit < count}
      previousPage={() => onOffset(Math.max(0, offset - limit))}
      nextPage={() => onOffset(offset + limit)}
      translations={{
        of: text("pager.of"),
        results: text("pager.results"),
        pages: text("pager.pages"),
        prev: text("pager.prev"),
        next: text("pager.next"),
      }}
    />
  )
}
