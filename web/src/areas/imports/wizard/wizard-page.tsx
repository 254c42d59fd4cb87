import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { previewImport, type Reading, startImport, uploadFile } from '~/api/imports'
import type { Import, ImportPreview } from '~/api/types'
import { DropStep } from '~/areas/imports/wizard/drop-step'
import { PreviewStep } from '~/areas/imports/wizard/preview-step'
import { RunStep } from '~/areas/imports/wizard/run-step'
import { type Step, Steps } from '~/areas/imports/wizard/steps'
import { Page } from '~/ui/page'
import { ErrorState } from '~/ui/states'
import { toastFailed } from '~/ui/toast'

type Stage =
  | { kind: 'drop' }
  | { kind: 'preview'; file: string; reading: Reading; preview: ImportPreview }
  | { kind: 'run'; imported: Import }

const STEP_OF: Record<Stage['kind'], Step> = { drop: 'file', preview: 'check', run: 'import' }

/** Drop a file, see what it would change, then let it run in the background. */
export function WizardPage() {
  const [stage, setStage] = useState<Stage>({ kind: 'drop' })
  const queries = useQueryClient()
  const upload = useMutation({
    mutationFn: async (file: File) => {
      const { upload_id } = await uploadFile(file)
      const reading: Reading = { upload_id }
      return { file: file.name, reading, preview: await previewImport(reading) }
    },
    onSuccess: (read) => setStage({ kind: 'preview', ...read }),
  })
  const reread = useMutation({
    mutationFn: previewImport,
    // An answer to a reading that has been changed meanwhile is late, and dropped.
    onSuccess: (preview, reading) =>
      setStage((now) => (now.kind === 'preview' && now.reading === reading ? { ...now, preview } : now)),
    onError: (error) => toastFailed('The file could not be read this way', error),
  })
  const run = useMutation({
    mutationFn: startImport,
    onSuccess: async (imported) => {
      setStage({ kind: 'run', imported })
      await queries.invalidateQueries({ queryKey: ['imports'] })
    },
    onError: (error) => toastFailed('The import was not started', error),
  })
  const restart = () => {
    upload.reset()
    setStage({ kind: 'drop' })
  }
  return (
    <Page title="Import a file" lead="Nothing changes before you have seen what would." width="reading">
      <Steps current={STEP_OF[stage.kind]} />
      {stage.kind === 'drop' && (
        <>
          <DropStep isReading={upload.isPending} onFile={(file) => upload.mutate(file)} />
          {upload.isError && <ErrorState title="This file could not be read" error={upload.error} />}
        </>
      )}
      {stage.kind === 'preview' && (
        <PreviewStep
          file={stage.file}
          reading={stage.reading}
          preview={stage.preview}
          isReading={reread.isPending}
          isStarting={run.isPending}
          onChange={(reading) => {
            setStage({ ...stage, reading })
            reread.mutate(reading)
          }}
          onRun={(reading) => run.mutate(reading)}
          onBack={restart}
        />
      )}
      {stage.kind === 'run' && <RunStep started={stage.imported} onAnother={restart} />}
    </Page>
  )
}
