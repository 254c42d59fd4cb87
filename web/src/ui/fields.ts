// The form fields with their styles, which the first page does not need.

import './fields.css'

export { Checkbox, NativeSelect, PasswordInput, TextInput } from '@mantine/core'
