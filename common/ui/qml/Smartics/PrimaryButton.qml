// The one clear next step.
ActButton {
    strong: true
}
