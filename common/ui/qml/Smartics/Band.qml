import QtQuick

// The deep-blue ground of a page's head.
Rectangle {
    gradient: Gradient {
        GradientStop {
            position: 0
            color: Theme.bandTop
        }
        GradientStop {
            position: 1
            color: Theme.bandBottom
        }
    }
}
