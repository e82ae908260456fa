import { Tooltip } from "@medusajs/ui"
import { useEffect, useState } from "react"
import { useFormat } from "../lib/use-format"

const TICK_MS = 20_000

/** A moment as "3 minutes ago", with the exact time on hover. */
export const Time = ({ at }: { at: string }) => {
  const format = useFormat()
  const now = useNow()
  return (
    <Tooltip content={format.exact(at)}>
      <time dateTime={at} className="whitespace-nowrap">
        {format.relative(at, now)}
      </time>
    </Tooltip>
  )
}

const useNow = (): Date => {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  return now
}
