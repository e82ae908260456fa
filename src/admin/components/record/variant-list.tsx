import { TriangleRightMini } from "@medusajs/icons"
import { clx } from "@medusajs/ui"
import { useId, useState } from "react"
import { Link, useLocation } from "react-router-dom"
import type { RecordView } from "../../../runtime/views"
import { useText } from "../../lib/use-text"

/** Which variant is which record of the ERP, folded away until asked for. */
export const VariantList = ({ variants }: { variants: RecordView["variants"] }) => {
  const text = useText()
  const [isOpen, setOpen] = useState(false)
  const { pathname } = useLocation()
  const body = useId()
  if (variants.length === 0) return null
  return (
    <div className="flex flex-col gap-y-2">
      <button
        type="button"
        className="txt-compact-small text-ui-fg-subtle hover:text-ui-fg-base focus-visible:shadow-borders-focus -ml-1 flex w-fit items-center gap-x-1 rounded-md pr-1.5 outline-none"
        aria-expanded={isOpen}
        aria-controls={body}
        onClick={() => setOpen(!isOpen)}
      >
        <TriangleRightMini
          className={clx("transition-transform", { "rotate-90": isOpen })}
          aria-hidden
        />
        {text("record.variants", { count: variants.length })}
      </button>
      <ul id={body} hidden={!isOpen} className="divide-y rounded-md border">
        {variants.map((variant) => (
          <li
            key={variant.medusa_id}
            className="txt-compact-small flex items-center justify-between gap-x-4 px-3 py-2"
          >
            <Link
              to={`${productPath(pathname)}/variants/${variant.medusa_id}`}
              className="text-ui-fg-interactive hover:text-ui-fg-interactive-hover truncate"
            >
              {variant.sku ?? text("record.noSku")}
            </Link>
            <span className="text-ui-fg-subtle shrink-0 tabular-nums">{variant.erp_id}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** `/products/<id>`, also while a modal of that page is open. */
const productPath = (pathname: string): string => pathname.split("/").slice(0, 3).join("/")
