# What every station says.
common-station = Identity Card Service
common-step = Step { $step } of { $steps }
common-larger-text = Larger text
common-smaller-text = Normal text
common-high-contrast = High contrast
common-normal-contrast = Normal colours
common-call-staff = Call staff
common-back = Back
common-next = Next
common-confirm = Confirm
common-cancel = Cancel
common-yes = Yes
common-no = No
common-finish = Finish
common-start-over = Start over
common-try-again = Try again
common-continue = Continue
common-key-clear = Clear
common-key-delete = Delete
common-key-space = Space
common-live-view = Camera picture
common-more-time-question = Do you need more time?
common-more-time-countdown = { $seconds ->
    [one] This visit ends in { $seconds } second. Your details will be cleared from the screen.
   *[other] This visit ends in { $seconds } seconds. Your details will be cleared from the screen.
}
common-more-time = Yes, more time
common-please-wait = Please wait
common-not-sensible = Please check this and try again
common-counter-title = Please go to the counter
common-counter-nothing-lost = You need not repeat anything.
common-counter-tag = Your tag number
common-out-of-service-title = This kiosk is out of service
common-out-of-service-detail = Please use another kiosk, or ask our staff.
common-out-of-service-taken-out = Please use another one. Staff: call the technician.
common-staff-coming = A member of staff is coming
common-staff-coming-detail = Please wait here.
common-take-card-title = Please take your card
common-take-card-detail = The card is in the slot.
common-working = Working on it
common-counter-place = Counter
common-counter-unforeseen = Something did not work at this kiosk. Our staff will help you.
common-scroll-down = Further down
common-scroll-up = Back up

# Fingers
common-finger-1 = right thumb
common-finger-2 = right index finger
common-finger-3 = right middle finger
common-finger-4 = right ring finger
common-finger-5 = right little finger
common-finger-6 = left thumb
common-finger-7 = left index finger
common-finger-8 = left middle finger
common-finger-9 = left ring finger
common-finger-10 = left little finger

# Tones: a caption beside each
common-tone = A tone sounds until you take it.
