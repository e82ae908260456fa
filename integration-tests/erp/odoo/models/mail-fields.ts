import { inert } from "../orm/fields"

/** What the discussion and activity mixins add; the simulator answers them with nothing. */
const MAIL = `
  has_message boolean ro
  message_attachment_count integer ro
  message_follower_ids o2m>mail.followers stored
  message_has_error boolean ro
  message_has_error_counter integer ro
  message_has_sms_error boolean ro
  message_ids o2m>mail.message stored
  message_is_follower boolean ro
  message_needaction boolean ro
  message_needaction_counter integer ro
  message_partner_ids m2m>res.partner
  website_message_ids o2m>mail.message stored
`

const ACTIVITY = `
  activity_date_deadline date ro
  activity_exception_decoration selection=warning,danger ro
  activity_exception_icon char ro
  activity_ids o2m>mail.activity stored
  activity_state selection=overdue,today,planned ro
  activity_summary char
  activity_type_icon char ro
  activity_type_id m2o>mail.activity.type
  activity_user_id m2o>res.users ro
  my_activity_date_deadline date ro
`

export const MAIL_FIELDS = inert(MAIL + ACTIVITY)

/** Categories can be discussed since 18, but have no activities. */
export const CATEGORY_MAIL_FIELDS = inert(
  MAIL.trim()
    .split("\n")
    .map((line) => `${line} 18+`)
    .join("\n"),
)
