# Booking on the public's pages: held places, groups, change, closures, wait list.
web-booking-people = People
web-booking-people-count = { $people ->
    [one] { $people } person
   *[other] { $people } people together
}
web-booking-groups = { $groups ->
    [one] room for { $groups } group
   *[other] room for { $groups } groups
}
web-booking-earliest = Earliest day at each office
web-booking-choose = Take this time
web-booking-held-title = Your time
web-booking-held = We hold this time for you while you fill in this page, { $minutes } minutes at a time. If it ends, what you typed is kept and you choose again.
web-booking-other-slot = Choose another time
web-booking-offers = Choose a time
web-booking-same-again = the time you chose, if it is free
web-booking-error-just-taken = This time has just been taken. Please choose another one; what you typed is kept.
web-booking-error-aged = Companions of this kind are 65 or older this year.
web-booking-error-twice = The same person is entered twice.
web-booking-error-companions = You may bring one carer, two people aged 65 or over and two people with disabilities.
web-booking-companion = Companion { $n }
web-booking-companion-why = This person
web-booking-companion-carer = is my carer
web-booking-companion-aged = is 65 or older
web-booking-companion-disabled = has a disability
web-booking-kind-carer = carer
web-booking-kind-aged = 65 or older
web-booking-kind-disabled = with a disability
web-booking-day-shut = closed
web-booking-change = Change the time
web-booking-change-title = Change your appointment
web-booking-change-now = Booked now:
web-booking-change-lead = You keep the time you have until the new one is yours.
web-booking-change-group = All { $people } people of your group move together.
web-booking-change-send = Change to this time
web-booking-change-until = { $days ->
    [one] An appointment can be changed or cancelled until one working day before.
   *[other] An appointment can be changed or cancelled until { $days } working days before.
}
web-booking-cancel-all = Cancel for all { $people } people
web-booking-group-title = Your group
web-booking-group = You are called together. Each companion has an own letter and an own form:
web-booking-group-letter = Letter of companion { $n } ({ $kind })
web-booking-carried-title = The office was closed at your time
web-booking-carried = Your appointment stays good on any later day on which the office is open. You need not book again. Bring this letter.
web-booking-suggested = We suggest:
web-booking-suggested-hint = You may come at any other hour, but you may wait longer.
web-booking-shut-typhoon = { $day }: closed because of a typhoon.
web-booking-shut-rainstorm = { $day }: closed because of a rainstorm.
web-booking-shut-power = { $day }: closed because of a power failure.
web-booking-shut-other = { $day }: closed for a time.
web-refusal-too_many_holds = Too many times are being booked from your internet address. Please finish one first, or try again later.
web-booking-wish-link = Nothing suits you? Wait for a place that comes free.
web-booking-wish-title = Wait list
web-booking-wish-lead = Tell us what you would take. When a place comes free, we keep it for you for some hours. Come back to this address, or look up your appointment with the same details.
web-booking-wish-where = Where and from when
web-booking-wish-earliest = Not before
web-booking-wish-send = Join the wait list
web-booking-wish-offered = A place is kept for you
web-booking-wish-until = It is yours to take until { $day }, { $time }.
web-booking-wish-accept = Book this time
web-booking-wish-decline = Let it go and wait on
web-booking-wish-waits = You are on the wait list
web-booking-wish-how = No place is free for you yet. The people who have waited longest are served first.
web-booking-wish-end = Leave the wait list
web-booking-error-wish = We could not keep this wish. The details may not agree with an earlier one.
web-booking-error-day = Please enter a day.
