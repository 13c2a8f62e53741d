// A way out that should not stand in the way.
ActButton {
    plain: true
}
