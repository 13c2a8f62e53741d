# What the panel in the hall says, and what it calls aloud.
display-title = Now serving
display-waiting = People waiting
display-nobody = Please wait, we will call your tag
display-starting = One moment, please
display-line-lost = The panel is not up to date. Please listen for your tag or ask our staff.
display-recent = Called before
display-place-kiosk = Registration kiosk
display-place-booth = Registration booth
display-place-counter = Collection counter
display-place-other = Place
display-silent = No sound now. Please watch this panel.
display-closing = The office closes at { $time }
display-closed = The office is closed
display-closed-waiting = The office has closed. Whoever holds a tag will still be called.
# Aloud, in the hall: { $tag } is read letter by letter and digit by digit.
display-call-kiosk = Tag { $tag }, please go to registration kiosk { $place }
display-call-booth = Tag { $tag }, please go to registration booth { $place }
display-call-counter = Tag { $tag }, please go to collection counter { $place }
display-call-other = Tag { $tag }, please go to { $place }
# Aloud, when many are called at once.
display-call-briefly = { $tag }, { $place }
