// Another way on, or back.
ActButton {}
