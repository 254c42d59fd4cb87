// The dialog with its styles, which come with the first one that opens.

import './dialog.css'

export { Modal } from '@mantine/core'
