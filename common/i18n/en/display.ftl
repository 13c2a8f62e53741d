# What the panel in the hall says.
display-title = Now serving
display-tag = Tag
display-place = Please go to
display-waiting = People waiting: { $count }
display-nobody = Please wait, we will call your tag
display-line-lost = The panel is not up to date. Please listen for your tag or ask our staff.
display-recent = Called before
