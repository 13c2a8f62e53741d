import QtQuick

// The ground of a page's head: deep blue, or green with a bright edge where the person is called.
Rectangle {
    id: root

    property bool calls: false

    gradient: Gradient {
        GradientStop {
            position: 0
            color: root.calls ? Theme.callTop : Theme.bandTop
        }
        GradientStop {
            position: 1
            color: root.calls ? Theme.callBottom : Theme.bandBottom
        }
    }
}
